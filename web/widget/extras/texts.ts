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
};

export const EXTRA_TEXTS: Record<Language, ExtraTexts> = { pl, en };

/** "340 kB", "1,2 MB". */
export function shownSize(bytes: number, language: Language): string {
  const mega = bytes >= 1_000_000;
  const value = mega ? bytes / 1_000_000 : Math.max(1, Math.round(bytes / 1_000));
  const digits = { maximumFractionDigits: 1 };
  return `${value.toLocaleString(language === "pl" ? "pl-PL" : "en-GB", digits)} ${mega ? "MB" : "kB"}`;
}
