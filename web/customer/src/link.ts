// A signed link opens one record without a sign-in: its token comes in the address's fragment.

const KEY = "firstfix.customer.link";

interface Link {
  path: string;
  token: string;
}

/** Takes the token out of the address, so that it is not copied or shown. */
export function takeLink(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, token } satisfies Link));
  history.replaceState(null, "", location.pathname + location.search);
}

export function linkToken(isSignedIn: boolean): string | null {
  const text = sessionStorage.getItem(KEY);
  if (!text) return null;
  const link = JSON.parse(text) as Link;
  return !isSignedIn || location.pathname === link.path ? link.token : null;
}

export function hasLink(): boolean {
  return sessionStorage.getItem(KEY) !== null;
}
