// Provisional until the server describes itself.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type paths = any;
