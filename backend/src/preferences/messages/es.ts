import type { Cap } from '../../contract/events.js';
import type { Messages } from './en.js';

const per: Record<Cap['per'], string> = { day: 'por día', week: 'por semana', month: 'por mes' };

export const es: Messages = {
  code: 'es',
  name: 'Español',
  languageLabel: 'Idioma',
  kinds: {
    email: 'Correos electrónicos',
    sms: 'SMS',
    push: 'Notificaciones',
    in_app: 'Mensajes en la aplicación',
    whatsapp: 'Mensajes de WhatsApp',
    voice: 'Llamadas',
    post: 'Cartas',
    web: 'Mensajes en el sitio web',
  },
  from: (kind, brand) => `${kind} de ${brand}`,
  thisMessage: 'Los mensajes como el que ha abierto',

  chooseTitle: '¿Detener estos mensajes?',
  stop: 'Detener estos mensajes',
  stopHint: 'Solo estos. Todo lo demás queda como está.',
  all: {
    email: 'Detener todos los correos',
    sms: 'Detener todos los SMS',
    push: 'Detener todas las notificaciones',
    in_app: 'Detener todos los mensajes en la aplicación',
    whatsapp: 'Detener todos los mensajes de WhatsApp',
    voice: 'Detener todas las llamadas',
    post: 'Detener todas las cartas',
    web: 'Detener todos los mensajes en el sitio web',
  },
  allHint: 'Ofertas, novedades y todo lo demás que llega por esta vía.',
  everything: 'Detener todo',
  everythingHint:
    'Lo mismo para el correo electrónico, los SMS, la aplicación y las cartas, y sin más perfiles sobre usted.',
  essential: 'Los mensajes que necesita, como recibos y avisos de seguridad, siguen llegando.',
  alreadyTitle: 'Estos mensajes están detenidos',
  alreadyText: 'No los recibe. No tiene que hacer nada.',
  wider: 'Detener más',
  reasonQuestion: '¿Por qué? No tiene que decirlo.',
  reasonNone: 'Sin respuesta',
  reasons: {
    too_many: 'Demasiados mensajes',
    not_relevant: 'No me interesan',
    never_signed_up: 'Nunca me suscribí',
    privacy: 'Quiero que se usen menos mis datos',
    other: 'Otra cosa',
  },
  reasonSend: 'Enviar',
  reasonThanks: 'Gracias por decírnoslo.',

  listOpen: 'Cambiar lo que recibe',
  listTitle: 'Lo que recibe',
  listHint: 'Desmarque lo que ya no quiera y guarde. Solo cambian las casillas que usted cambie.',
  elsewhere: 'Detenido. Solo puede volver a activarse desde un mensaje de este mismo tipo.',
  save: 'Guardar',

  stoppedTitle: 'Detenido',
  stoppedText: 'Ya no recibirá:',
  stoppedBefore: 'Esto ya estaba detenido. No hay nada más que detener.',
  stoppedAll:
    'Todos los mensajes de este tipo están detenidos para usted, salvo los que necesita, como los recibos.',
  stoppedEverything:
    'Todo está detenido para usted, por todas las vías, salvo los mensajes que necesita, como los recibos.',
  widened:
    'Esto detiene más que el mensaje que recibió, porque hemos entendido su deseo en el sentido más amplio.',
  goesOn: 'Sigue recibiendo:',
  nothingGoesOn: 'No recibe nada más de nosotros, salvo los mensajes que necesita, como los recibos.',
  more: (count) => `y ${count} más`,
  savedTitle: 'Guardado',
  savedText: 'Sus cambios ya están en vigor.',
  resumed: 'Vuelve a recibir:',
  stayOff: 'Estos no se pudieron activar. Siguen detenidos:',
  unchangedTitle: 'Nada ha cambiado',
  unchangedText: 'Ninguna casilla era distinta de antes.',
  pendingTitle: 'Anotado',
  pendingText: 'Su deseo está guardado y tendrá efecto en unos minutos. Hasta entonces no se envía nada.',

  undo: 'Deshacer',
  undoHint: 'Puede deshacerlo durante diez minutos.',
  undoneTitle: 'Deshecho',
  undoneText: 'Todo está como antes.',
  notedText: 'Su deseo está guardado. Todavía no está en vigor.',
  notUndoneTitle: 'Ahora no ha cambiado nada',
  notUndoneText: 'Esto ya se había deshecho, o ya no se puede deshacer.',
  undoOverTitle: 'Los diez minutos han pasado',
  undoOverText: 'Nada ha cambiado. Puede volver a marcar la casilla más abajo.',
  insteadTitle: '¿Bastaría con menos?',
  insteadHint: 'Si lo prefiere, esto ocupa el lugar de la baja.',
  pause: (days) => (days === 1 ? 'Pausa de 1 día' : `Pausa de ${days} días`),
  fewer: (n, period) => `Como máximo ${n === 1 ? 'uno' : n} ${per[period]}`,
  pausedTitle: 'En pausa',
  pausedText: (date) => `No llega nada de esto hasta el ${date}. Puede detenerlo en cualquier momento.`,
  fewerTitle: 'Menos mensajes',
  fewerText: (n, period) =>
    `A partir de ahora, como máximo ${n === 1 ? 'uno' : n} ${per[period]}. Puede detenerlo en cualquier momento.`,
  notOfferedTitle: 'Esta opción no se ofrecía',
  notOfferedText: 'No se ha cambiado nada. Use un botón que muestre la página.',

  address: (hint) => `Esta página se refiere a ${hint}.`,
  signalTitle: {
    honoured: 'Respetamos la señal de privacidad de su navegador',
    noted: 'La señal de privacidad de su navegador está anotada',
  },
  signalText: {
    honoured:
      'Su navegador nos pidió (Global Privacy Control) no vender ni compartir sus datos. Así se hace, y sin más perfiles sobre usted. La señal no cambia nada en sus mensajes.',
    noted:
      'Su navegador nos pidió (Global Privacy Control) no vender ni compartir sus datos. Está guardado y tendrá efecto en unos minutos. La señal no cambia nada en sus mensajes.',
  },
  quietSignal: 'No hace falta iniciar sesión. Abrir esta página no detiene ningún mensaje.',
  quiet: 'No hace falta iniciar sesión. Abrir esta página no cambia nada.',
  badLinkTitle: 'Este enlace no está completo',
  badLinkText: 'Ábralo de nuevo desde el mensaje, o cópielo de allí entero. Nada ha cambiado.',
  failedTitle: 'No ha funcionado',
  failedText: 'Su deseo no se pudo guardar ahora. Pulse de nuevo el botón dentro de un minuto.',
  back: 'Volver a la página',
};
