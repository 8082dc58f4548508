/** Polish words for the codes of the contract. */

export const states: Record<string, string> = {
  bot: "u bota",
  queued: "czeka",
  offered: "dzwoni",
  active: "w toku",
  on_hold: "wstrzymana",
  wrap_up: "podsumowanie",
  closed: "zamknięta",
  abandoned: "porzucona",
  callback_scheduled: "oddzwonienie",
  left_message: "zostawiona wiadomość",
};

export const kinds: Record<string, string> = {
  question: "pytanie",
  complaint: "reklamacja",
  withdrawal: "odstąpienie",
  privacy_request: "dane osobowe",
  callback: "oddzwonienie",
};

export const priorities: Record<string, string> = {
  urgent: "pilny",
  high: "wysoki",
  normal: "zwykły",
  low: "niski",
};

export const reasons: Record<string, string> = {
  user_request: "prośba o rozmowę z człowiekiem",
  low_confidence: "bot nie zrozumiał",
  repeated_failure: "powtarzające się niepowodzenia",
  policy: "sprawa tylko dla człowieka",
  negative_sentiment: "zdenerwowanie",
  complaint: "reklamacja",
  withdrawal: "odstąpienie od umowy",
  legal_threat: "zapowiedź kroków prawnych",
  vulnerable: "osoba wymagająca troski",
  privacy: "dane osobowe",
  tool_error: "błąd systemu",
  identity_locked: "zablokowana weryfikacja",
};

export const presences: Record<string, string> = {
  available: "Przyjmuję sprawy",
  busy: "Nie przyjmuję nowych",
  break: "Przerwa",
  offline: "Poza pracą",
};

export const presenceStates: Record<string, string> = {
  available: "dostępność",
  busy: "bez nowych spraw",
  break: "przerwa",
  offline: "poza pracą",
};

export const channels: Record<string, string> = { chat: "czat", voice: "telefon" };

export const languages: Record<string, string> = { pl: "polski", en: "angielski" };

export const roles: Record<string, string> = {
  agent: "konsultacja",
  supervisor: "nadzór",
  editor: "redakcja",
  admin: "administracja",
};

export const skillNames: Record<string, string> = {
  general: "ogólne",
  complaints: "reklamacje",
  returns: "zwroty",
  payments: "płatności",
  technical: "techniczne",
  privacy: "dane osobowe",
  care: "troska",
};

export const levels: Record<string, string> = {
  none: "niepotwierdzona",
  claimed: "podana, niepotwierdzona",
  verified: "potwierdzona",
  strong: "potwierdzona mocno",
};

export const methods: Record<string, string> = {
  order_match: "numer zamówienia i kod pocztowy",
  email_match: "adres e-mail z zamówienia",
  phone_match: "numer telefonu z zamówienia",
  email_code: "kod wysłany e-mailem",
  call_back: "oddzwonienie na znany numer",
  agent_check: "sprawdzenie w rozmowie",
};

export const media: Record<string, string> = {
  email: "e-mail",
  paper: "list",
  pdf: "plik PDF w rozmowie",
};

export const regimes: Record<string, string> = {
  PL_UPK_7A: "reklamacja konsumenta, art. 7a ustawy o prawach konsumenta",
  PL_FINANCIAL: "reklamacja do instytucji finansowej",
  PL_TELECOM: "reklamacja usługi telekomunikacyjnej",
  PL_UPK_27: "odstąpienie od umowy, art. 27 ustawy o prawach konsumenta",
  PL_UPK_32: "zwrot płatności, art. 32 ustawy o prawach konsumenta",
  GDPR_12_3: "żądanie dotyczące danych, art. 12 ust. 3 RODO",
};

export const whys: Record<string, string> = {
  ring_out: "Czas na przyjęcie minął.",
  rang_out: "Czas na przyjęcie minął.",
  lease: "Połączenie było zbyt długo przerwane.",
  agent_lost: "Połączenie było zbyt długo przerwane.",
  transferred: "Sprawa została przekazana.",
  reassigned: "Sprawa została przydzielona komu innemu.",
  abandoned: "Klient zrezygnował z czekania.",
  elsewhere: "Sprawę przyjęto na innym stanowisku.",
  accepted: "Sprawa jest przyjęta.",
  declined: "Sprawa jest odrzucona.",
  queued: "Sprawa czeka znów w kolejce.",
  active: "Sprawa jest już w toku.",
  offered: "Sprawa dzwoni u kogoś innego.",
  closed: "Sprawa jest zamknięta.",
  callback_scheduled: "Umówiono oddzwonienie.",
  bot: "Sprawa wróciła do bota.",
};

export const problems: Record<string, string> = {
  offline: "Brak połączenia z serwerem. Nic nie przepadło.",
  unavailable: "Usługa chwilowo nie działa. Proszę spróbować ponownie.",
  stale_fence: "Ta sprawa należy już do kogoś innego.",
  changed: "Sprawa zmieniła się w międzyczasie. Widać teraz jej aktualny stan.",
  illegal_transition: "W obecnym stanie sprawy nie da się tego zrobić.",
  conflict: "Sprawa zmieniła się w międzyczasie. Widać teraz jej aktualny stan.",
  not_found: "Nie ma takiej sprawy.",
  forbidden: "To wymaga innych uprawnień.",
  too_many: "Zbyt wiele żądań w krótkim czasie. Proszę odczekać chwilę.",
  idempotency_mismatch: "To żądanie było już wysłane z inną treścią. Proszę spróbować ponownie.",
  interrupted: "Nie wiadomo, czy wiadomość dotarła. Ponowne wysłanie jej nie podwoi.",
  text_too_long: "Wiadomość jest za długa.",
  bad_phone: "Numer telefonu jest nieprawidłowy.",
  refused: "Tych danych nie można przyjąć. Proszę je sprawdzić.",
  weak_password: "Hasło jest za słabe. Potrzebne jest dłuższe i trudniejsze do odgadnięcia.",
  agent_exists: "Taki login już istnieje.",
  last_admin: "To ostatnie konto z uprawnieniami administracji.",
  busy_conversation: "Rozmowa jest właśnie zmieniana. Proszę spróbować za chwilę.",
  in_progress: "To żądanie jest jeszcze wykonywane. Proszę poczekać.",
  bad_csrf: "Sesja wymaga odświeżenia. Proszę spróbować ponownie.",
  at_capacity: "Wszystkie miejsca na sprawy są zajęte.",
  unreadable: "Odpowiedzi serwera nie udało się odczytać.",
};

export const problemOther: string = "Coś się nie udało. Proszę spróbować ponownie.";

export const priorityWhys: Record<string, string> = {
  vulnerable: "osoba wymagająca troski",
  legal_threat: "zapowiedź kroków prawnych",
  complaint: "reklamacja",
  crisis: "zagrożenie życia lub zdrowia",
  violence: "klient mówi o przemocy",
  payment_trouble: "kłopot z pieniędzmi klienta",
  repeated_failure: "powtarzające się niepowodzenia",
  anger: "powtórne zdenerwowanie",
  tool_error: "błąd systemu",
  statutory_month: "biegnie ustawowy miesiąc",
};

export const eventTypes: Record<string, string> = {
  opened: "otwarcie",
  queued: "wejście do kolejki",
  offered: "dzwoni u konsultanta",
  accepted: "przyjęcie",
  declined: "odrzucenie",
  rang_out: "brak odpowiedzi na dzwonek",
  agent_lost: "utrata połączenia ze stanowiskiem",
  held: "wstrzymanie",
  resumed: "wznowienie",
  transferred: "przekazanie",
  returned: "oddanie botowi",
  wrapping: "koniec rozmowy",
  closed: "zamknięcie",
  abandoned: "rezygnacja klienta",
  callback_scheduled: "umówienie oddzwonienia",
  message_left: "zostawienie wiadomości",
  reopened: "ponowne otwarcie",
  first_reply: "pierwsza odpowiedź",
  note: "notatka",
  identity_checked: "sprawdzenie tożsamości",
  legal_answered: "odpowiedź na reklamację",
  csat: "ocena klienta",
  receipt_issued: "wydanie potwierdzenia",
  message_added: "dopisanie wiadomości",
  by_phone: "klient zadzwonił",
  rang_by_phone: "dzwoni w telefonie konsultanta",
  call_over: "koniec połączenia",
};
