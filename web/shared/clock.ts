// Business time in the browser: the server says what time it is and how fast it runs (the demo runs at 60x).

interface Anchor {
  business: number;
  real: number;
  rate: number;
}

let anchor: Anchor = { business: Date.now(), real: performance.now(), rate: 1 };

export function setBusinessTime(at: string | number | Date, rate = 1): void {
  const business = new Date(at).getTime();
  if (Number.isFinite(business)) anchor = { business, real: performance.now(), rate };
}

export function businessNow(): number {
  return anchor.business + (performance.now() - anchor.real) * anchor.rate;
}

export function businessRate(): number {
  return anchor.rate;
}
