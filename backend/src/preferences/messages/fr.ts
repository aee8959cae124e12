import type { Cap } from '../../contract/events.js';
import type { Messages } from './en.js';

const per: Record<Cap['per'], string> = { day: 'par jour', week: 'par semaine', month: 'par mois' };

export const fr: Messages = {
  code: 'fr',
  name: 'Français',
  languageLabel: 'Langue',
  kinds: {
    email: 'E-mails',
    sms: 'SMS',
    push: 'Notifications',
    in_app: 'Messages dans l’application',
    whatsapp: 'Messages WhatsApp',
    voice: 'Appels',
    post: 'Lettres',
    web: 'Messages sur le site',
  },
  from: (kind, brand) => `${kind} de ${brand}`,
  thisMessage: 'Les messages comme celui que vous avez ouvert',

  chooseTitle: 'Arrêter ces messages\u202f?',
  stop: 'Arrêter ces messages',
  stopHint: 'Seulement ceux-ci. Tout le reste ne change pas.',
  all: {
    email: 'Arrêter tous les e-mails',
    sms: 'Arrêter tous les SMS',
    push: 'Arrêter toutes les notifications',
    in_app: 'Arrêter tous les messages dans l’application',
    whatsapp: 'Arrêter tous les messages WhatsApp',
    voice: 'Arrêter tous les appels',
    post: 'Arrêter toutes les lettres',
    web: 'Arrêter tous les messages sur le site',
  },
  allHint: 'Offres, actualités et tout ce qui arrive par cette voie.',
  everything: 'Tout arrêter',
  everythingHint: 'Pareil pour les e-mails, les SMS, l’application et le courrier, et plus de profilage.',
  essential:
    'Les messages dont vous avez besoin, comme les reçus et les avis de sécurité, continuent d’arriver.',
  alreadyTitle: 'Ces messages sont arrêtés',
  alreadyText: 'Vous ne les recevez pas. Vous n’avez rien à faire.',
  wider: 'Arrêter davantage',
  reasonQuestion: 'Pourquoi\u202f? Il n’est pas nécessaire de répondre.',
  reasonNone: 'Pas de réponse',
  reasons: {
    too_many: 'Trop de messages',
    not_relevant: 'Cela ne m’intéresse pas',
    never_signed_up: 'Je n’ai jamais demandé ces messages',
    privacy: 'Je veux que mes données servent moins',
    other: 'Autre chose',
  },
  reasonSend: 'Envoyer',
  reasonThanks: 'Merci de nous l’avoir dit.',

  listOpen: 'Changer ce que vous recevez',
  listTitle: 'Ce que vous recevez',
  listHint:
    'Décochez ce que vous ne voulez plus, puis enregistrez. Seules les cases que vous changez sont changées.',
  elsewhere: 'Arrêté. Pour le reprendre, il faut passer par un message de la même sorte.',
  save: 'Enregistrer',

  stoppedTitle: 'Arrêté',
  stoppedText: 'Vous ne recevrez plus\u00a0:',
  stoppedBefore: 'C’était déjà arrêté. Il n’y a rien de plus à arrêter.',
  stoppedAll:
    'Tous les messages de cette sorte sont arrêtés pour vous, sauf ceux dont vous avez besoin, comme les reçus.',
  stoppedEverything:
    'Tout est arrêté pour vous, par toutes les voies, sauf les messages dont vous avez besoin, comme les reçus.',
  widened:
    'Cela arrête plus que le seul message reçu, car nous avons compris votre souhait dans son sens large.',
  goesOn: 'Vous recevez toujours\u00a0:',
  nothingGoesOn:
    'Vous ne recevez rien d’autre de nous, sauf les messages dont vous avez besoin, comme les reçus.',
  more: (count) => (count === 1 ? 'et 1 autre' : `et ${count} autres`),
  savedTitle: 'Enregistré',
  savedText: 'Vos changements sont en vigueur.',
  resumed: 'Vous recevez de nouveau\u00a0:',
  stayOff: 'Ceux-ci n’ont pas pu être repris. Ils restent arrêtés\u00a0:',
  unchangedTitle: 'Rien n’a changé',
  unchangedText: 'Aucune case n’était différente d’avant.',
  pendingTitle: 'Noté',
  pendingText:
    'Votre souhait est conservé et prend effet dans quelques minutes. D’ici là, rien n’est envoyé.',

  undo: 'Annuler',
  undoHint: 'Vous pouvez revenir en arrière pendant dix minutes.',
  undoneTitle: 'Annulé',
  undoneText: 'Tout est comme avant.',
  notedText: 'Votre souhait est conservé. Il n’est pas encore en vigueur.',
  notUndoneTitle: 'Rien n’a changé cette fois',
  notUndoneText: 'Cela avait déjà été annulé, ou ne peut plus l’être.',
  undoOverTitle: 'Les dix minutes sont passées',
  undoOverText: 'Rien n’a changé. Vous pouvez cocher de nouveau la case ci-dessous.',
  insteadTitle: 'Moins suffirait-il\u202f?',
  insteadHint: 'Si vous le souhaitez, ceci remplace l’arrêt.',
  pause: (days) => (days === 1 ? 'Pause d’un jour' : `Pause de ${days} jours`),
  fewer: (n, period) => `Au plus ${n === 1 ? 'un' : n} ${per[period]}`,
  pausedTitle: 'En pause',
  pausedText: (date) => `Rien de tout cela n’arrive jusqu’au ${date}. Vous pouvez l’arrêter à tout moment.`,
  fewerTitle: 'Moins de messages',
  fewerText: (n, period) =>
    `Au plus ${n === 1 ? 'un' : n} ${per[period]} à partir de maintenant. Vous pouvez l’arrêter à tout moment.`,
  notOfferedTitle: 'Ce choix n’était pas proposé',
  notOfferedText: 'Rien n’a été modifié. Veuillez utiliser un bouton que la page affiche.',

  address: (hint) => `Cette page concerne ${hint}.`,
  signalTitle: {
    honoured: 'Le signal de confidentialité de votre navigateur est respecté',
    noted: 'Le signal de confidentialité de votre navigateur est noté',
  },
  signalText: {
    honoured:
      'Votre navigateur nous a demandé (Global Privacy Control) de ne pas vendre ni partager vos données. C’est fait, et il n’y a plus de profilage. Le signal ne change rien à vos messages.',
    noted:
      'Votre navigateur nous a demandé (Global Privacy Control) de ne pas vendre ni partager vos données. C’est conservé et prend effet dans quelques minutes. Le signal ne change rien à vos messages.',
  },
  quietSignal: 'Il n’est pas nécessaire de se connecter. Ouvrir cette page n’arrête aucun message.',
  quiet: 'Il n’est pas nécessaire de se connecter. Ouvrir cette page ne change rien.',
  badLinkTitle: 'Ce lien n’est pas complet',
  badLinkText:
    'Ouvrez-le de nouveau depuis le message, ou copiez-le en entier depuis celui-ci. Rien n’a changé.',
  failedTitle: 'Cela n’a pas marché',
  failedText: 'Votre souhait n’a pas pu être enregistré. Appuyez de nouveau sur le bouton dans une minute.',
  back: 'Retour à la page',
};
