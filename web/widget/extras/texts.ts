/** Every text of the extras, Polish and English side by side. */

import type { Language } from "../protocol";

export interface ExtraTexts {
  attach: string;
  you: string;
  photo(name: string): string;
  document(name: string): string;
  download(what: string, size: string): string;
  progress: string;
  reasons: Record<string, string>;
  reasonUnknown: string;
  again: string;
  discard: string;
  notFetched: string;
  question: string;
  scores: readonly [string, string, string, string, string];
  comment: string;
  rate: string;
  notNow: string;
  choose: string;
  notRated: string;
  thanks: string;
  phone: {
    call: string;
    haveCode: string;
    offer: string;
    showCode: string;
    number: string;
    demo: string;
    code: string;
    how(until: string): string;
    typeCode: string;
    goOn: string;
    close: string;
    sixDigits: string;
    reasons: Record<string, string>;
    reasonUnknown: string;
  };
}

const pl: ExtraTexts = {
  attach: "Dodaj zdjęcie lub plik PDF (do 5 MB)",
  you: "Ja",
  photo: (name) => `Zdjęcie: ${name}`,
  document: (name) => `Plik: ${name}`,
  download: (what, size) => `${what} (${size}) – pobierz`,
  progress: "Wysyłanie pliku",
  reasons: {
    file_too_big: "Nie wysłano: plik ma więcej niż 5 MB. Proszę wybrać mniejszy.",
    file_kind: "Nie wysłano: można dodać zdjęcie JPEG, PNG lub WebP albo plik PDF.",
    file_damaged: "Nie wysłano: plik jest uszkodzony.",
    file_refused: "Nie wysłano: plik nie przeszedł kontroli bezpieczeństwa.",
    too_many_files: "Nie wysłano: w jednej rozmowie można dodać najwyżej 10 plików.",
    too_many: "Nie wysłano: zbyt wiele plików w krótkim czasie. Proszę chwilę zaczekać.",
  },
  reasonUnknown: "Nie wysłano: brak połączenia z serwisem.",
  again: "Wyślij ponownie",
  discard: "Odrzuć",
  notFetched: "Nie udało się pobrać pliku. Proszę spróbować ponownie.",
  question: "Jak ocenia Pan/Pani pomoc konsultanta? Odpowiedź jest dobrowolna.",
  scores: ["bardzo źle", "źle", "średnio", "dobrze", "bardzo dobrze"],
  comment: "Komentarz (nieobowiązkowy)",
  rate: "Wyślij ocenę",
  notNow: "Nie teraz",
  choose: "Proszę wybrać ocenę od 1 do 5.",
  notRated: "Nie udało się zapisać oceny. Proszę spróbować ponownie.",
  thanks: "Dziękujemy za ocenę.",
  phone: {
    call: "Wolę zadzwonić",
    haveCode: "Mam kod z rozmowy telefonicznej",
    offer: "Tę rozmowę można kontynuować przez telefon, bez powtarzania czegokolwiek.",
    showCode: "Pokaż numer i kod",
    number: "Numer:",
    demo: "Wersja demonstracyjna: zamiast numeru jest przycisk telefonu na tej stronie.",
    code: "Kod:",
    how: (until) => `Po połączeniu proszę wybrać gwiazdkę i kod. Kod działa raz, do godziny ${until}.`,
    typeCode: "Kod podany w rozmowie (6 cyfr)",
    goOn: "Kontynuuj tutaj",
    close: "Zamknij",
    sixDigits: "Kod ma sześć cyfr.",
    reasons: {
      wrong_code: "Ten kod nie działa. Proszę sprawdzić cyfry albo poprosić w rozmowie o nowy.",
      codes_locked: "Za dużo błędnych kodów. Pomoże konsultant: przycisk „Rozmowa z konsultantem”.",
      too_many: "Za dużo prób w krótkim czasie. Proszę chwilę zaczekać.",
    },
    reasonUnknown: "Nie udało się: brak połączenia z serwisem. Proszę spróbować ponownie.",
  },
};

const en: ExtraTexts = {
  attach: "Add a photo or a PDF file (up to 5 MB)",
  you: "You",
  photo: (name) => `Photo: ${name}`,
  document: (name) => `File: ${name}`,
  download: (what, size) => `${what} (${size}) – download`,
  progress: "Sending the file",
  reasons: {
    file_too_big: "Not sent: the file is larger than 5 MB. Please choose a smaller one.",
    file_kind: "Not sent: you can add a JPEG, PNG or WebP photo or a PDF file.",
    file_damaged: "Not sent: the file is damaged.",
    file_refused: "Not sent: the file did not pass the security check.",
    too_many_files: "Not sent: at most 10 files fit in one conversation.",
    too_many: "Not sent: too many files in a short time. Please wait a moment.",
  },
  reasonUnknown: "Not sent: the service cannot be reached.",
  again: "Send again",
  discard: "Discard",
  notFetched: "The file could not be fetched. Please try again.",
  question: "How was the help you got from the agent? You do not have to answer.",
  scores: ["very bad", "bad", "fair", "good", "very good"],
  comment: "Comment (optional)",
  rate: "Send the rating",
  notNow: "Not now",
  choose: "Please choose a score from 1 to 5.",
  notRated: "The rating could not be saved. Please try again.",
  thanks: "Thank you for your rating.",
  phone: {
    call: "I would rather call",
    haveCode: "I have a code from a call",
    offer: "This conversation can go on by phone, with nothing to repeat.",
    showCode: "Show number and code",
    number: "Number:",
    demo: "Demo: instead of a number there is the telephone button on this page.",
    code: "Code:",
    how: (until) => `When connected, press the star key and the code. The code works once, until ${until}.`,
    typeCode: "Code from the call (6 digits)",
    goOn: "Go on here",
    close: "Close",
    sixDigits: "A code has six digits.",
    reasons: {
      wrong_code: "This code does not work. Please check the digits, or ask for a new one in the call.",
      codes_locked: "Too many wrong codes. An agent can help: the button “Talk to an agent”.",
      too_many: "Too many tries in a short time. Please wait a moment.",
    },
    reasonUnknown: "It did not work: the service cannot be reached. Please try again.",
  },
};

export const EXTRA_TEXTS: Record<Language, ExtraTexts> = { pl, en };

/** "340 kB", "1,2 MB". */
export function shownSize(bytes: number, language: Language): string {
  const mega = bytes >= 1_000_000;
  const value = mega ? bytes / 1_000_000 : Math.max(1, Math.round(bytes / 1_000));
  const digits = { maximumFractionDigits: 1 };
  return `${value.toLocaleString(language === "pl" ? "pl-PL" : "en-GB", digits)} ${mega ? "MB" : "kB"}`;
}
