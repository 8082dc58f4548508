/** Every text of the widget, Polish and English side by side. */

import type { Controller, Language, Waiting } from "./protocol";

export interface Texts {
  title: string;
  launcher: string;
  unread(n: number): string;
  minimise: string;
  switchLanguage: string;
  human: string;
  saidHuman: string;
  status: Record<Exclude<Controller, "agent">, string>;
  statusAgent(name: string | null): string;
  badgeBot: string;
  agent: string;
  system: string;
  you: string;
  log: string;
  typing(who: string): string;
  queue(position: number): string;
  waiting(range: Waiting): string;
  quickReplies: string;
  message: string;
  placeholder: string;
  send: string;
  left(n: number): string;
  tooLong(length: number, limit: number): string;
  sending: string;
  waits: string;
  notSent: string;
  reasons: Record<string, string>;
  reasonUnknown: string;
  retry: string;
  edit: string;
  discard: string;
  banner: Record<"offline" | "busy" | "refused", string>;
  notices: Record<string, string>;
  noticeUnknown: string;
  expired: string;
  newMessages: string;
  privacy: string;
  privacyLink: string;
  download: string;
  transcriptTitle: string;
  transcriptFile: string;
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const plurals = { pl: new Intl.PluralRules("pl"), en: new Intl.PluralRules("en") };

/** `n` and the noun in the form that `n` asks for (CLDR plural rules). */
export function counted(language: Language, n: number, forms: Forms): string {
  return `${n} ${forms[plurals[language].select(n)] ?? forms.other}`;
}

const CHARACTERS = {
  pl: { one: "znak", few: "znaki", other: "znaków" },
  en: { one: "character", other: "characters" },
};

/** "2–4 minuty", or after "about" and "up to", which in Polish ask for the genitive, "do 1 minuty". */
function minutes(language: Language, range: Waiting, span: Forms, about: Forms): string {
  const { from_min: least, to_min: most } = range;
  if (!least) return `${language === "pl" ? "do" : "up to"} ${counted(language, most, about)}`;
  if (least < most) return `${least}–${counted(language, most, span)}`;
  return `${language === "pl" ? "około" : "about"} ${counted(language, most, about)}`;
}

const MINUTES = { one: "minute", other: "minutes" };

const pl: Texts = {
  title: "Pomoc na czacie",
  launcher: "Czat – pomoc",
  unread: (n) =>
    counted("pl", n, {
      one: "nieprzeczytana wiadomość",
      few: "nieprzeczytane wiadomości",
      other: "nieprzeczytanych wiadomości",
    }),
  minimise: "Zminimalizuj czat",
  switchLanguage: "Switch to English",
  human: "Rozmowa z konsultantem",
  saidHuman: "Chcę porozmawiać z konsultantem.",
  status: {
    bot: "Odpowiada automat, nie człowiek",
    queue: "Rozmowa czeka na konsultanta",
    none: "Rozmowa zakończona",
  },
  statusAgent: (name) => (name ? `Odpowiada konsultant: ${name}` : "Odpowiada konsultant"),
  badgeBot: "Automat",
  agent: "Konsultant",
  system: "Informacja",
  you: "Ja",
  log: "Przebieg rozmowy",
  typing: (who) => `${who} pisze…`,
  queue: (position) =>
    position <= 1
      ? "Miejsce w kolejce: 1. Odpowie najbliższy wolny konsultant."
      : `Miejsce w kolejce: ${position}. Wcześniej ${
          plurals.pl.select(position - 1) === "few" ? "czekają" : "czeka"
        } ${counted("pl", position - 1, { one: "osoba", few: "osoby", other: "osób" })}.`,
  waiting: (range) => {
    const span = { one: "minuta", few: "minuty", other: "minut" };
    const about = { one: "minuty", other: "minut" };
    return `Przewidywany czas oczekiwania: ${minutes("pl", range, span, about)}.`;
  },
  quickReplies: "Propozycje odpowiedzi",
  message: "Wiadomość",
  placeholder: "Napisz wiadomość…",
  send: "Wyślij",
  left: (n) => `Pozostało: ${counted("pl", n, CHARACTERS.pl)}`,
  tooLong: (length, limit) =>
    `Wiadomość ma ${counted("pl", length, CHARACTERS.pl)}, a może mieć najwyżej ${limit}. ` +
    "Proszę ją skrócić lub podzielić na części. Tekst zostaje w polu, nic nie zginie.",
  sending: "Wysyłanie…",
  waits: "Czeka na wysłanie",
  notSent: "Nie wysłano.",
  reasons: {
    too_many: "Zbyt wiele wiadomości w krótkim czasie.",
    unavailable: "Serwis jest chwilowo niedostępny.",
    not_offered: "Ta odpowiedź nie jest już dostępna.",
    text_too_long: "Wiadomość jest za długa.",
    empty_text: "Wiadomość jest pusta.",
  },
  reasonUnknown: "Wystąpił błąd.",
  retry: "Wyślij ponownie",
  edit: "Popraw",
  discard: "Odrzuć",
  banner: {
    offline: "Brak połączenia – wiadomość zostanie wysłana po powrocie sieci.",
    busy: "Duże obciążenie czatu – za chwilę nastąpi kolejna próba połączenia.",
    refused: "Na tej stronie czat nie jest dostępny.",
  },
  notices: {
    too_many: "Zbyt wiele wiadomości w krótkim czasie. Proszę chwilę zaczekać.",
    unavailable: "Serwis jest chwilowo niedostępny. Proszę spróbować za chwilę.",
  },
  noticeUnknown: "Wystąpił błąd. Proszę spróbować ponownie.",
  expired:
    "Poprzednia rozmowa wygasła. Poniżej zaczyna się nowa; wcześniejsze wiadomości są widoczne już tylko w tym oknie.",
  newMessages: "Nowe wiadomości",
  privacy: "Rozmowa jest zapisywana, aby można było udzielić odpowiedzi. Proszę nie podawać haseł ani danych karty.",
  privacyLink: "Informacje o prywatności",
  download: "Pobierz zapis rozmowy",
  transcriptTitle: "Zapis rozmowy",
  transcriptFile: "rozmowa",
};

const en: Texts = {
  title: "Chat help",
  launcher: "Chat – help",
  unread: (n) => counted("en", n, { one: "unread message", other: "unread messages" }),
  minimise: "Minimise the chat",
  switchLanguage: "Przełącz na polski",
  human: "Talk to a person",
  saidHuman: "I want to talk to an agent.",
  status: {
    bot: "An automatic assistant answers, not a person",
    queue: "Waiting for an agent",
    none: "The conversation has ended",
  },
  statusAgent: (name) => (name ? `You are talking to ${name}` : "An agent is answering"),
  badgeBot: "Automatic assistant",
  agent: "Agent",
  system: "Notice",
  you: "You",
  log: "Conversation",
  typing: (who) => `${who} is typing…`,
  queue: (position) =>
    position <= 1
      ? "Place in the queue: 1. The next free agent will answer."
      : `Place in the queue: ${position}. ${counted("en", position - 1, {
          one: "person is",
          other: "people are",
        })} ahead.`,
  waiting: (range) => `Estimated waiting time: ${minutes("en", range, MINUTES, MINUTES)}.`,
  quickReplies: "Suggested answers",
  message: "Message",
  placeholder: "Write a message…",
  send: "Send",
  left: (n) => `${counted("en", n, CHARACTERS.en)} left`,
  tooLong: (length, limit) =>
    `The message has ${counted("en", length, CHARACTERS.en)}, and at most ${limit} fit. ` +
    "Please shorten or split it. The text stays in the field, nothing is lost.",
  sending: "Sending…",
  waits: "Waiting to be sent",
  notSent: "Not sent.",
  reasons: {
    too_many: "Too many messages in a short time.",
    unavailable: "The service is not available at the moment.",
    not_offered: "This answer is no longer available.",
    text_too_long: "The message is too long.",
    empty_text: "The message is empty.",
  },
  reasonUnknown: "Something went wrong.",
  retry: "Send again",
  edit: "Edit",
  discard: "Discard",
  banner: {
    offline: "No connection – your message will be sent when the network is back.",
    busy: "The chat is very busy – it will try to connect again in a moment.",
    refused: "The chat is not available on this page.",
  },
  notices: {
    too_many: "Too many messages in a short time. Please wait a moment.",
    unavailable: "The service is not available at the moment. Please try again shortly.",
  },
  noticeUnknown: "Something went wrong. Please try again.",
  expired:
    "The earlier conversation has expired. A new one starts below; the earlier messages can now only be seen in this window.",
  newMessages: "New messages",
  privacy: "This conversation is stored so that we can answer. Please do not send passwords or card details.",
  privacyLink: "About your privacy",
  download: "Download the transcript",
  transcriptTitle: "Transcript of the conversation",
  transcriptFile: "conversation",
};

export const TEXTS: Record<Language, Texts> = { pl, en };
