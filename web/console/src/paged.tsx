// Lists that are read page by page: all at once, or more of them by a button.
import { Button, Failure, Skeleton } from "@firstfix/shared/ui/controls";
import { useWords } from "@firstfix/shared/i18n/words";
import { useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

interface PageOf<T> {
  items: T[];
  next_cursor?: string | null | undefined;
}

/** All that there is, read page by page; `fetchPage` gets the cursor of the page before. */
export async function allPages<T>(fetchPage: (cursor: { cursor?: string }) => Promise<PageOf<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page: PageOf<T> = await fetchPage(cursor ? { cursor } : {});
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

type Paged<T> = UseInfiniteQueryResult<T[]>;

/** `fetchPage` gets the cursor of the page before; an empty one asks for the first. */
export function usePaged<T>(queryKey: unknown[], fetchPage: (cursor: string) => Promise<PageOf<T>>): Paged<T> {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: "",
    getNextPageParam: (page: PageOf<T>) => page.next_cursor,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
}

/** What was found; below it the way to more, or the failure with the way on. */
export function PagedList<T>({ of, lines = 6, children }: { of: Paged<T>; lines?: number; children: (found: T[]) => ReactNode }) {
  const w = useWords();
  if (!of.data) return of.error ? <Failure error={of.error} onRetry={() => void of.refetch()} /> : <Skeleton lines={lines} />;
  return (
    <>
      {children(of.data)}
      {of.isFetchNextPageError && <Failure error={of.error} />}
      {of.hasNextPage && (
        <div>
          <Button busy={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
            {w("do.more")}
          </Button>
        </div>
      )}
    </>
  );
}
