import type { Cap } from '../../contract/events.js';
import type { Channel } from '../../contract/vocabulary.js';
import type { Reason } from '../form.js';

const kinds: Record<Channel, string> = {
  email: 'E-mails',
  sms: 'Text messages',
  push: 'Notifications',
  in_app: 'Messages in the app',
  whatsapp: 'WhatsApp messages',
  voice: 'Calls',
  post: 'Letters',
  web: 'Messages on the website',
};

const all: Record<Channel, string> = {
  email: 'Stop all e-mails',
  sms: 'Stop all text messages',
  push: 'Stop all notifications',
  in_app: 'Stop all messages in the app',
  whatsapp: 'Stop all WhatsApp messages',
  voice: 'Stop all calls',
  post: 'Stop all letters',
  web: 'Stop all messages on the website',
};

const reasons: Record<Reason, string> = {
  too_many: 'Too many messages',
  not_relevant: 'Not interesting for me',
  never_signed_up: 'I never signed up',
  privacy: 'I want my data used less',
  other: 'Something else',
};

const per: Record<Cap['per'], string> = { day: 'a day', week: 'a week', month: 'a month' };

/** The words of the public page. Plain, short, and never pleading: leaving must be as easy as it looks. */
export const en = {
  code: 'en',
  name: 'English',
  languageLabel: 'Language',
  kinds,
  from: (kind: string, brand: string) => `${kind} from ${brand}`,
  thisMessage: 'Messages like the one you opened',

  chooseTitle: 'Stop these messages?',
  stop: 'Stop these messages',
  stopHint: 'Only these. Everything else stays as it is.',
  all,
  allHint: 'Offers, news and everything else that comes this way.',
  everything: 'Stop everything',
  everythingHint: 'The same for e-mail, text messages, app and post, and no more profiling.',
  essential: 'Messages you need, such as receipts and security notices, still come.',
  alreadyTitle: 'These messages are stopped',
  alreadyText: 'You do not receive them. There is nothing you need to do.',
  wider: 'Stop more',
  reasonQuestion: 'Why? You do not have to say.',
  reasonNone: 'No answer',
  reasons,
  reasonSend: 'Send',
  reasonThanks: 'Thank you for telling us.',

  listOpen: 'Change what you receive',
  listTitle: 'What you receive',
  listHint: 'Untick what you no longer want, then save. Only the boxes you change are changed.',
  elsewhere: 'Switched off. It can be switched on again only from a message of its own kind.',
  save: 'Save',

  stoppedTitle: 'Stopped',
  stoppedText: 'You will no longer receive:',
  stoppedBefore: 'This was stopped before. There is nothing more to stop.',
  stoppedAll: 'All messages of this kind have stopped for you, except the ones you need, such as receipts.',
  stoppedEverything:
    'Everything has stopped for you on every channel, except the messages you need, such as receipts.',
  widened: 'This stops more than the one message you had, because we took your wish in its wider sense.',
  goesOn: 'You still receive:',
  nothingGoesOn: 'You receive nothing else from us, except messages you need, such as receipts.',
  more: (count: number) => `and ${count} more`,
  savedTitle: 'Saved',
  savedText: 'Your changes are in force.',
  resumed: 'You receive again:',
  stayOff: 'These could not be switched on. They stay off:',
  unchangedTitle: 'Nothing changed',
  unchangedText: 'No box was other than before.',
  pendingTitle: 'Noted',
  pendingText: 'Your wish is kept safe and takes effect within minutes. Until then nothing is sent.',

  undo: 'Undo',
  undoHint: 'You can take this back for ten minutes.',
  undoneTitle: 'Undone',
  undoneText: 'Everything is as it was before.',
  notedText: 'Your wish is kept safe. It is not in force yet.',
  notUndoneTitle: 'Nothing was changed now',
  notUndoneText: 'This was taken back before, or it cannot be taken back any more.',
  undoOverTitle: 'The ten minutes are over',
  undoOverText: 'Nothing was changed. You can tick the box again below.',
  insteadTitle: 'Would less be enough?',
  insteadHint: 'If you like, this takes the place of the stop.',
  pause: (days: number) => (days === 1 ? 'Pause for 1 day' : `Pause for ${days} days`),
  fewer: (n: number, period: Cap['per']) => `At most ${n === 1 ? 'one' : n} ${per[period]}`,
  pausedTitle: 'Paused',
  pausedText: (date: string) => `Nothing of this comes until ${date}. You can stop it at any time.`,
  fewerTitle: 'Fewer messages',
  fewerText: (n: number, period: Cap['per']) =>
    `At most ${n === 1 ? 'one' : n} ${per[period]} from now on. You can stop it at any time.`,
  notOfferedTitle: 'This was not on offer',
  notOfferedText: 'Nothing was changed. Please use a button that the page shows.',

  address: (hint: string) => `This page is about ${hint}.`,
  signalTitle: {
    honoured: 'Your browser’s privacy signal is honoured',
    noted: 'Your browser’s privacy signal is noted',
  },
  signalText: {
    honoured:
      'It asked us (Global Privacy Control) not to sell or share your data. You are opted out of that and of profiling. The signal changes nothing about your messages.',
    noted:
      'It asked us (Global Privacy Control) not to sell or share your data. That is kept safe and takes effect within minutes. The signal changes nothing about your messages.',
  },
  quietSignal: 'No sign-in is needed. Opening this page stops no message.',
  quiet: 'No sign-in is needed. Opening this page changes nothing.',
  badLinkTitle: 'This link is not complete',
  badLinkText: 'Please open it once more from the message, or copy it from there whole. Nothing was changed.',
  failedTitle: 'That did not work',
  failedText: 'Your wish could not be saved just now. Please press the button again in a minute.',
  back: 'Back to the page',
};

export type Messages = typeof en;
