/** Every text of the call panel, Polish and English side by side. */

import type { End } from "./phone";
import type { Language } from "./protocol";

export interface Texts {
  call: string;
  again: string;
  hangUp: string;
  panel: string;
  keypad: string;
  captions: string;
  code: string;
  codeWrong: string;
  privacy: string;
  demo: string;
  caller: string;
  bot: string;
  asking: string;
  connecting: string;
  talking: string;
  ended: Record<End, string>;
}

const pl: Texts = {
  call: "Zadzwoń z przeglądarki",
  again: "Zadzwoń ponownie",
  hangUp: "Rozłącz",
  panel: "Rozmowa głosowa",
  keypad: "Klawiatura telefonu",
  captions: "Przebieg rozmowy",
  code: "Kod z czatu (6 cyfr), jeśli rozmowa ma być kontynuowana",
  codeWrong: "Kod ma 6 cyfr.",
  privacy: "Mikrofon działa tylko podczas rozmowy.",
  demo: "Model mowy jest tu demonstracyjny i zna tylko głosy syntetyczne: człowieka rozumie słabo. Klawisze działają zawsze, a prawdziwe modele pobiera polecenie „frontline models fetch pl en”.",
  caller: "Ja",
  bot: "Automat",
  asking: "Proszę pozwolić przeglądarce na użycie mikrofonu.",
  connecting: "Łączenie…",
  talking: "Rozmowa trwa. Odpowiada automat, nie człowiek.",
  ended: {
    hangup: "Rozmowa zakończona.",
    queue:
      "Automat oddał rozmowę do kolejki konsultantów. Do przeglądarki konsultant nie oddzwoni: to robi dopiero centrala telefoniczna.",
    busy: "Wszystkie linie są zajęte. Proszę spróbować za chwilę.",
    refused: "Połączenie nie zostało przyjęte.",
    unavailable: "Linia telefoniczna jest teraz niedostępna.",
    lost: "Połączenie zostało przerwane.",
    no_permission: "Brak zgody na mikrofon. Można jej udzielić w ustawieniach tej strony w przeglądarce.",
    no_microphone: "Nie znaleziono działającego mikrofonu.",
    unsupported: "Ta przeglądarka nie pozwala tu na rozmowę. Strona musi być otwarta przez https albo z tego komputera.",
  },
};

const en: Texts = {
  call: "Call from the browser",
  again: "Call again",
  hangUp: "Hang up",
  panel: "Voice call",
  keypad: "Telephone keypad",
  captions: "What was said",
  code: "Code from the chat (6 digits), to go on with that conversation",
  codeWrong: "A code has 6 digits.",
  privacy: "The microphone is on only during the call.",
  demo: "The speech model is a demo that knows synthetic voices only: it understands people badly. Keys always work, and the command “frontline models fetch pl en” brings real models.",
  caller: "Me",
  bot: "Automatic assistant",
  asking: "Please let the browser use the microphone.",
  connecting: "Connecting…",
  talking: "You are on the phone. An automatic assistant answers, not a person.",
  ended: {
    hangup: "The call has ended.",
    queue:
      "The assistant has handed the call to the agents' queue. No agent can ring a browser: that takes a telephone exchange.",
    busy: "All lines are busy. Please try again in a moment.",
    refused: "The call was not taken.",
    unavailable: "The phone line is not available at the moment.",
    lost: "The connection was lost.",
    no_permission: "The microphone is not allowed. You can allow it in the browser's settings for this page.",
    no_microphone: "No working microphone was found.",
    unsupported: "This browser allows no calls here. The page must be opened over https or from this computer.",
  },
};

export const TEXTS: Record<Language, Texts> = { pl, en };
