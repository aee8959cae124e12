import type { Cap } from '../../contract/events.js';
import type { Messages } from './en.js';

const per: Record<Cap['per'], string> = { day: 'pro Tag', week: 'pro Woche', month: 'pro Monat' };

export const de: Messages = {
  code: 'de',
  name: 'Deutsch',
  languageLabel: 'Sprache',
  kinds: {
    email: 'E-Mails',
    sms: 'SMS',
    push: 'Benachrichtigungen',
    in_app: 'Nachrichten in der App',
    whatsapp: 'WhatsApp-Nachrichten',
    voice: 'Anrufe',
    post: 'Briefe',
    web: 'Nachrichten auf der Website',
  },
  from: (kind, brand) => `${kind} von ${brand}`,
  thisMessage: 'Nachrichten wie die, die Sie geöffnet haben',

  chooseTitle: 'Diese Nachrichten beenden?',
  stop: 'Diese Nachrichten beenden',
  stopHint: 'Nur diese. Alles andere bleibt, wie es ist.',
  all: {
    email: 'Alle E-Mails beenden',
    sms: 'Alle SMS beenden',
    push: 'Alle Benachrichtigungen beenden',
    in_app: 'Alle Nachrichten in der App beenden',
    whatsapp: 'Alle WhatsApp-Nachrichten beenden',
    voice: 'Alle Anrufe beenden',
    post: 'Alle Briefe beenden',
    web: 'Alle Nachrichten auf der Website beenden',
  },
  allHint: 'Angebote, Neuigkeiten und alles andere auf diesem Weg.',
  everything: 'Alles beenden',
  everythingHint: 'Dasselbe für E-Mail, SMS, App und Post, und keine Profilbildung mehr.',
  essential: 'Nachrichten, die Sie brauchen, etwa Belege und Sicherheitshinweise, kommen weiterhin.',
  alreadyTitle: 'Diese Nachrichten sind beendet',
  alreadyText: 'Sie bekommen sie nicht. Sie müssen nichts weiter tun.',
  wider: 'Mehr beenden',
  reasonQuestion: 'Warum? Sie müssen es nicht sagen.',
  reasonNone: 'Keine Angabe',
  reasons: {
    too_many: 'Zu viele Nachrichten',
    not_relevant: 'Für mich nicht interessant',
    never_signed_up: 'Ich habe mich nie angemeldet',
    privacy: 'Meine Daten sollen weniger genutzt werden',
    other: 'Etwas anderes',
  },
  reasonSend: 'Senden',
  reasonThanks: 'Danke, dass Sie es uns sagen.',

  listOpen: 'Ändern, was Sie bekommen',
  listTitle: 'Was Sie bekommen',
  listHint:
    'Nehmen Sie das Häkchen weg, wo Sie nichts mehr möchten, und speichern Sie. Nur was Sie ändern, ändert sich.',
  elsewhere: 'Ausgeschaltet. Wieder einschalten lässt es sich nur aus einer Nachricht dieser Art.',
  save: 'Speichern',

  stoppedTitle: 'Beendet',
  stoppedText: 'Sie bekommen nicht mehr:',
  stoppedBefore: 'Das war schon beendet. Mehr gibt es nicht zu beenden.',
  stoppedAll:
    'Alle Nachrichten dieser Art sind für Sie beendet, außer denen, die Sie brauchen, etwa Belegen.',
  stoppedEverything:
    'Alles ist für Sie auf jedem Weg beendet, außer Nachrichten, die Sie brauchen, etwa Belegen.',
  widened:
    'Damit endet mehr als die eine Nachricht, weil wir Ihren Wunsch im weiteren Sinn verstanden haben.',
  goesOn: 'Sie bekommen weiterhin:',
  nothingGoesOn: 'Sonst bekommen Sie nichts von uns, außer Nachrichten, die Sie brauchen, etwa Belegen.',
  more: (count) => `und ${count} weitere`,
  savedTitle: 'Gespeichert',
  savedText: 'Ihre Änderungen gelten.',
  resumed: 'Sie bekommen wieder:',
  stayOff: 'Diese ließen sich nicht einschalten. Sie bleiben aus:',
  unchangedTitle: 'Nichts geändert',
  unchangedText: 'Kein Häkchen war anders als zuvor.',
  pendingTitle: 'Vermerkt',
  pendingText:
    'Ihr Wunsch ist sicher aufbewahrt und gilt in wenigen Minuten. Bis dahin wird nichts gesendet.',

  undo: 'Rückgängig machen',
  undoHint: 'Zehn Minuten lang können Sie das zurücknehmen.',
  undoneTitle: 'Rückgängig gemacht',
  undoneText: 'Alles ist wie zuvor.',
  notedText: 'Ihr Wunsch ist sicher aufbewahrt. Er gilt noch nicht.',
  notUndoneTitle: 'Jetzt wurde nichts geändert',
  notUndoneText: 'Das wurde schon zurückgenommen, oder es lässt sich nicht mehr zurücknehmen.',
  undoOverTitle: 'Die zehn Minuten sind vorbei',
  undoOverText: 'Es wurde nichts geändert. Sie können das Häkchen unten wieder setzen.',
  insteadTitle: 'Wäre weniger genug?',
  insteadHint: 'Wenn Sie möchten, tritt das an die Stelle des Endes.',
  pause: (days) => (days === 1 ? '1 Tag Pause' : `${days} Tage Pause`),
  fewer: (n, period) => `Höchstens ${n === 1 ? 'eine' : n} ${per[period]}`,
  pausedTitle: 'Pause',
  pausedText: (date) => `Bis ${date} kommt davon nichts. Sie können es jederzeit beenden.`,
  fewerTitle: 'Weniger Nachrichten',
  fewerText: (n, period) =>
    `Von jetzt an höchstens ${n === 1 ? 'eine' : n} ${per[period]}. Sie können es jederzeit beenden.`,
  notOfferedTitle: 'Das stand nicht zur Wahl',
  notOfferedText: 'Es wurde nichts geändert. Bitte nehmen Sie einen Knopf, den die Seite zeigt.',

  address: (hint) => `Diese Seite betrifft ${hint}.`,
  signalTitle: {
    honoured: 'Das Datenschutz-Signal Ihres Browsers gilt',
    noted: 'Das Datenschutz-Signal Ihres Browsers ist vermerkt',
  },
  signalText: {
    honoured:
      'Ihr Browser hat uns gebeten (Global Privacy Control), Ihre Daten nicht zu verkaufen oder weiterzugeben. Das gilt, und es gibt keine Profilbildung mehr. An Ihren Nachrichten ändert das Signal nichts.',
    noted:
      'Ihr Browser hat uns gebeten (Global Privacy Control), Ihre Daten nicht zu verkaufen oder weiterzugeben. Das ist sicher aufbewahrt und gilt in wenigen Minuten. An Ihren Nachrichten ändert das Signal nichts.',
  },
  quietSignal: 'Eine Anmeldung ist nicht nötig. Diese Seite zu öffnen beendet keine Nachrichten.',
  quiet: 'Eine Anmeldung ist nicht nötig. Diese Seite zu öffnen ändert nichts.',
  badLinkTitle: 'Dieser Link ist nicht vollständig',
  badLinkText:
    'Bitte öffnen Sie ihn noch einmal aus der Nachricht oder kopieren Sie ihn von dort ganz. Es wurde nichts geändert.',
  failedTitle: 'Das hat nicht geklappt',
  failedText:
    'Ihr Wunsch ließ sich gerade nicht speichern. Bitte drücken Sie in einer Minute noch einmal auf den Knopf.',
  back: 'Zurück zur Seite',
};
