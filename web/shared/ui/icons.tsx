// A few line icons, drawn for this project on a 20 px grid.

const PATHS = {
  back: "M12 4 6 10l6 6",
  forward: "m8 4 6 6-6 6",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  close: "m5 5 10 10M15 5 5 15",
  lock: "M6 9V6.5a4 4 0 0 1 8 0V9M4.5 9h11v7.5h-11z",
  alert: "M10 3 2.5 16.5h15zM10 8.5v3.5M10 14.4v.1",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2",
  phone: "M5 3h3l1.5 4-2 1.5a9 9 0 0 0 4 4l1.5-2 4 1.5v3c0 1-1 2-2 2A13 13 0 0 1 3 5c0-1 1-2 2-2z",
  pin: "M10 18s6-5.5 6-10a6 6 0 1 0-12 0c0 4.500 6 10 6 10zM10 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  print: "M6 7V3h8v4M4 14H3V8h14v6h-1M6 12h8v5H6z",
  plan: "M3 5h6v4H3zM11 11h6v4h-6zM9 7h2.500v4",
  check: "m4 10.500 4 4 8-9",
  offline: "M3 3l14 14M6 9a6 6 0 0 1 2-1.200M14 9.500A6 6 0 0 0 11 7.600M8.200 12.500a3 3 0 0 1 3.600 0M10 15.500v.01M3 6.800a10 10 0 0 1 3-2M17 6.800a10 10 0 0 0-6-2.700",
  search: "M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM13 13l4 4",
  truck: "M2 5h9v8H2zM11 8h4l3 3v2h-7zM5 15.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM14 15.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z",
  star: "m10 3 2.200 4.500 5 .7-3.600 3.500.8 5L10 14.400l-4.400 2.300.8-5L2.800 8.200l5-.7z",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20, filled = false }: { name: IconName; size?: number; filled?: boolean }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill={filled ? "currentColor" : "none"}
        stroke="currentColor"
        strokeWidth={name === "more" ? 2.6 : 1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
