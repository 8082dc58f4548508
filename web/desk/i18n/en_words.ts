/** English words for the codes of the contract. */

type Words = Record<string, string>;

export const states: Words = {
  bot: "with the bot",
  queued: "waiting",
  offered: "ringing",
  active: "in progress",
  on_hold: "on hold",
  wrap_up: "wrap-up",
  closed: "closed",
  abandoned: "abandoned",
  callback_scheduled: "call-back",
  left_message: "message left",
};

export const kinds: Words = {
  question: "question",
  complaint: "complaint",
  withdrawal: "withdrawal",
  privacy_request: "personal data",
  callback: "call-back",
};

export const priorities: Words = { urgent: "urgent", high: "high", normal: "normal", low: "low" };

export const reasons: Words = {
  user_request: "asked for a person",
  low_confidence: "the bot did not understand",
  repeated_failure: "repeated failure",
  policy: "for people only",
  negative_sentiment: "upset",
  complaint: "complaint",
  withdrawal: "withdrawal from the contract",
  legal_threat: "legal steps announced",
  vulnerable: "person in need of care",
  privacy: "personal data",
  tool_error: "system error",
  identity_locked: "identity check locked",
};

export const presences: Words = {
  available: "Taking cases",
  busy: "No new cases",
  break: "Break",
  offline: "Off duty",
};

export const presenceStates: Words = {
  available: "available",
  busy: "no new cases",
  break: "break",
  offline: "off duty",
};

export const channels: Words = { chat: "chat", voice: "phone" };
export const languages: Words = { pl: "Polish", en: "English" };
export const roles: Words = { agent: "agent", supervisor: "supervisor", editor: "editor", admin: "administrator" };

export const skillNames: Words = {
  general: "general",
  complaints: "complaints",
  returns: "returns",
  payments: "payments",
  technical: "technical",
  privacy: "personal data",
  care: "care",
};

export const levels: Words = {
  none: "not confirmed",
  claimed: "claimed, not confirmed",
  verified: "confirmed",
  strong: "strongly confirmed",
};

export const methods: Words = {
  order_match: "order number and postcode",
  email_match: "e-mail address of the order",
  phone_match: "phone number of the order",
  email_code: "code sent by e-mail",
  call_back: "call back to a known number",
  agent_check: "checked in the talk",
};

export const media: Words = { email: "e-mail", paper: "letter", pdf: "PDF file in the chat" };

export const regimes: Words = {
  PL_UPK_7A: "consumer complaint, art. 7a of the Polish Consumer Rights Act",
  PL_FINANCIAL: "complaint to a financial institution",
  PL_TELECOM: "complaint about a telecom service",
  PL_UPK_27: "withdrawal, art. 27 of the Polish Consumer Rights Act",
  PL_UPK_32: "refund after withdrawal, art. 32 of the Polish Consumer Rights Act",
  GDPR_12_3: "data subject's request, GDPR art. 12(3)",
};

export const whys: Words = {
  ring_out: "The time to accept it is over.",
  rang_out: "The time to accept it is over.",
  lease: "The connection was broken for too long.",
  agent_lost: "The connection was broken for too long.",
  transferred: "The case was transferred.",
  reassigned: "The case was assigned to somebody else.",
  abandoned: "The customer gave up waiting.",
  elsewhere: "The case was accepted at another desk.",
  accepted: "The case is accepted.",
  declined: "The case is declined.",
  queued: "The case waits in the queue again.",
  active: "The case is in progress.",
  offered: "The case rings at another desk.",
  closed: "The case is closed.",
  callback_scheduled: "A call-back was arranged.",
  bot: "The case went back to the bot.",
};

export const problems: Words = {
  offline: "No connection to the server. Nothing is lost.",
  unavailable: "The service is not available at the moment. Please try again.",
  stale_fence: "This case belongs to somebody else now.",
  changed: "The case has changed meanwhile. You now see how it stands.",
  illegal_transition: "This cannot be done in the case's present state.",
  conflict: "The case has changed meanwhile. You now see how it stands.",
  not_found: "There is no such case.",
  forbidden: "This needs other rights.",
  too_many: "Too many requests in a short time. Please wait a moment.",
  idempotency_mismatch: "This request was already sent with another content. Please try again.",
  interrupted: "It is not known whether the message arrived. Sending again will not double it.",
  text_too_long: "The message is too long.",
  bad_phone: "The phone number is not valid.",
  refused: "This cannot be accepted. Please check it.",
  weak_password: "The password is too weak. A longer one, harder to guess, is needed.",
  agent_exists: "This login exists already.",
  last_admin: "This is the last account with administrator's rights.",
  busy_conversation: "The conversation is being changed. Please try again in a moment.",
  in_progress: "This request is still being carried out. Please wait.",
  bad_csrf: "The session needs refreshing. Please try again.",
  at_capacity: "All places for cases are taken.",
  unreadable: "The server's answer could not be read.",
};

export const problemOther: string = "Something did not work. Please try again.";

export const priorityWhys: Words = {
  vulnerable: "person in need of care",
  legal_threat: "legal steps announced",
  complaint: "complaint",
  crisis: "danger to life or health",
  violence: "the customer speaks of violence",
  payment_trouble: "trouble with the customer's money",
  repeated_failure: "repeated failure",
  anger: "upset again",
  tool_error: "system error",
  statutory_month: "a statutory month is running",
};

export const eventTypes: Words = {
  opened: "opened",
  queued: "queued",
  offered: "offered",
  accepted: "accepted",
  declined: "declined",
  rang_out: "rang out",
  agent_lost: "desk lost",
  held: "held",
  resumed: "resumed",
  transferred: "transferred",
  returned: "returned to the bot",
  wrapping: "talk ended",
  closed: "closed",
  abandoned: "abandoned",
  callback_scheduled: "call-back arranged",
  message_left: "message left",
  reopened: "reopened",
  first_reply: "first reply",
  note: "note",
  identity_checked: "identity checked",
  legal_answered: "complaint answered",
  csat: "customer's score",
  receipt_issued: "receipt issued",
  message_added: "message added",
  by_phone: "customer called",
  rang_by_phone: "rings at an agent's telephone",
  call_over: "call over",
};
