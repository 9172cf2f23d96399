// The ledger: what lies on each account, and every movement.
import { useLocale } from "@firstfix/shared/i18n/locale";
import { setQuery, usePlace } from "@firstfix/shared/router";
import { money } from "@firstfix/shared/time";
import { Button, Choice, Empty, Field } from "@firstfix/shared/ui/controls";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PagedList, usePaged } from "../paged";
import { Loaded } from "../watch/pieces";
import { type Account, type Balance, type Entry, fetchBalances, fetchEntries, type Sought, useNames, usePayees } from "./api";
import { useMoneyTexts } from "./words";

const ACCOUNTS: Account[] = ["buyer", "held", "earned", "disputed", "payable", "in_transit", "bank", "platform"];
const ANY = { account: "", holder_id: "", work_order: "" } as const;
type Seek = (wanted: Partial<Sought>) => void;

/** `item` in the address is a payout or transfer whose movements are wanted. */
export function Ledger() {
  const subject_id = usePlace().query.get("item") ?? "";
  const [wanted, setWanted] = useState<Omit<Sought, "subject_id">>(ANY);
  const sought: Sought = { ...wanted, subject_id };
  const seek: Seek = ({ subject_id: item, ...more }) => {
    if (item !== undefined) setQuery({ item });
    setWanted(item ? ANY : { ...wanted, ...more });
  };
  return (
    <div className="page-columns">
      <Balances sought={sought} seek={seek} />
      <Movements sought={sought} seek={seek} />
    </div>
  );
}

function Balances({ sought, seek }: { sought: Sought; seek: Seek }) {
  const t = useMoneyTexts();
  const named = useNames();
  const payees = usePayees();
  const { account, holder_id } = sought;
  const balances = useQuery({ queryKey: ["crowd", "balances", holder_id], queryFn: () => fetchBalances(holder_id) });
  const earning = payees.data?.filter((one) => !one.through) ?? [];
  return (
    <section className="stack">
      <h2>{t("balances")}</h2>
      <p className="soft small">{t("balances.hint")}</p>
      <Choice label={t("payee")} value={holder_id} onChange={(one) => seek({ holder_id: one })} options={[["", t("payee.all")], ...earning.map((one) => [one.id, one.name] as const)]} />
      <Loaded of={balances}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={t("balances.none")}>{t("balances.none.more")}</Empty>
          ) : (
            <Amounts rows={byAccount(found).map((one) => ({ ...one, words: t(`account.${one.account}`), isChosen: one.account === account, choose: () => seek({ account: one.account }) }))} />
          )
        }
      </Loaded>
      {account && !holder_id && <Holders balances={balances.data ?? []} account={account} named={named} seek={seek} />}
    </section>
  );
}

/** Of a kind of account that every payee has: on whose something lies. */
function Holders({ balances, account, named, seek }: { balances: Balance[]; account: Account; named: (id: string) => string; seek: Seek }) {
  const t = useMoneyTexts();
  const filled = balances.filter((one) => one.account === account && one.holder_id && one.cents !== 0).toSorted((a, b) => b.cents - a.cents);
  if (filled.length === 0) return null;
  return (
    <Amounts
      caption={t(`account.${account}`)}
      rows={filled.map((one) => ({ ...one, words: named(one.holder_id!), isChosen: false, choose: () => seek({ holder_id: one.holder_id! }) }))}
    />
  );
}

interface Amount {
  words: string;
  cents: number;
  currency: string;
  isChosen: boolean;
  choose: () => void;
}

function Amounts({ caption, rows }: { caption?: string; rows: Amount[] }) {
  const { locale } = useLocale();
  return (
    <table className="money">
      {caption && <caption>{caption}</caption>}
      <tbody>
        {rows.map((one) => (
          <tr key={one.words + one.currency}>
            <th scope="row">
              <button type="button" className="link" aria-pressed={one.isChosen} onClick={one.choose}>
                {one.words}
              </button>
            </th>
            <td>{money(one.cents, one.currency, locale)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Movements({ sought, seek }: { sought: Sought; seek: Seek }) {
  const t = useMoneyTexts();
  const entries = usePaged(["crowd", "entries", sought], (cursor) => fetchEntries(sought, cursor));
  const [number, setNumber] = useState(sought.work_order);
  const isNarrowed = Object.values(sought).some(Boolean);
  return (
    <section className="stack">
      <h2>{t("movements")}</h2>
      <Choice
        label={t("account")}
        value={sought.account}
        onChange={(one) => seek({ account: one as Account | "" })}
        options={[["", t("account.all")], ...ACCOUNTS.map((one) => [one, t(`account.${one}`)] as const)]}
      />
      <form className="row end" onSubmit={(event) => (event.preventDefault(), seek({ work_order: number.trim().toUpperCase() }))}>
        <div className="grow">
          <Field label={t("work_order")} placeholder="WO-000123" value={number} onChange={(event) => setNumber(event.target.value)} />
        </div>
        <Button type="submit">{t("work_order.show")}</Button>
      </form>
      {isNarrowed && (
        <div className="row wrap spread">
          <span className="soft small">{sought.subject_id ? t("movements.of_one") : t("movements.some")}</span>
          <Button kind="quiet" onClick={() => (setNumber(""), seek({ ...ANY, subject_id: "" }))}>
            {t("movements.all")}
          </Button>
        </div>
      )}
      <PagedList of={entries}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={t("movements.none")}>{t(isNarrowed ? "movements.none.narrowed" : "movements.none.more")}</Empty>
          ) : (
            <ul className="stack tight">
              {found.map((one) => (
                <Movement key={one.id} entry={one} seek={seek} onOrder={(order) => (setNumber(order), seek({ work_order: order }))} />
              ))}
            </ul>
          )
        }
      </PagedList>
    </section>
  );
}

function Movement({ entry, seek, onOrder }: { entry: Entry; seek: Seek; onOrder: (work_order: string) => void }) {
  const t = useMoneyTexts();
  const { locale } = useLocale();
  const named = useNames();
  return (
    <li className="card stack tight">
      <span className="row wrap spread">
        <strong>{t(`movement.${entry.movement}`)}</strong>
        <span className="soft small">{new Date(entry.created_at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" })}</span>
      </span>
      <table className="money">
        <tbody>
          {entry.lines.map((line, place) => (
            <tr key={place}>
              <th scope="row">
                {t(`account.${line.account}`)}
                {line.holder_id && ` · ${named(line.holder_id)}`}
              </th>
              <td className="cents">{money(line.cents, entry.currency, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <span className="row wrap small">
        {entry.work_order && (
          <button type="button" className="link" onClick={() => onOrder(entry.work_order!)}>
            {entry.work_order}
          </button>
        )}
        {entry.subject_id && (
          <button type="button" className="link" onClick={() => seek({ subject_id: entry.subject_id! })}>
            {t("movement.same")}
          </button>
        )}
      </span>
    </li>
  );
}

/** The sum of each kind of account in each currency, in the order in which money moves. */
function byAccount(balances: Balance[]): Pick<Balance, "account" | "currency" | "cents">[] {
  const sums = new Map<string, Pick<Balance, "account" | "currency" | "cents">>();
  for (const { account, currency, cents } of balances) {
    const key = account + currency;
    sums.set(key, { account, currency, cents: cents + (sums.get(key)?.cents ?? 0) });
  }
  return [...sums.values()].toSorted((a, b) => ACCOUNTS.indexOf(a.account) - ACCOUNTS.indexOf(b.account));
}
