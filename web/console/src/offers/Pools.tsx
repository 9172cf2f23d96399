// Talent pools: groups of freelancers who are asked together, by name or by rule.
import { Button, Choice, Empty, Field } from "@firstfix/shared/ui/controls";
import { FormDialog, useTell } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { may } from "../api";
import { fetchCrowd, fetchPools } from "../pages/crowd";
import type { Territory } from "../types";
import { Loaded } from "../watch/pieces";
import { type Condition, describePool, dropPool, forgetMember, type Members, nameMember, type Pool, refreshPools, useMembers } from "./api";
import { Rule, useMeaning } from "./Rule";
import { useOfferTexts } from "./words";

export function Pools({ territory }: { territory: Territory }) {
  const t = useOfferTexts();
  const pools = useQuery({ queryKey: ["crowd", "pools"], queryFn: fetchPools });
  const [editing, setEditing] = useState<Pool | "new" | null>(null);
  const [dropped, setDropped] = useState<Pool | null>(null);
  const [peopled, setPeopled] = useState<Pool | null>(null);
  const mayChange = may("dispatcher", "supervisor", "admin");
  return (
    <div className="page-columns">
      <section className="stack">
        <p className="soft">{t("pools.hint")}</p>
        {mayChange && (
          <div>
            <Button kind="primary" onClick={() => setEditing("new")}>{t("pool.new")}</Button>
          </div>
        )}
        <Loaded of={pools}>
          {(all) => (
            <>
              {all.length === 0 && <Empty title={t("pools.none")}>{t("pools.none.more")}</Empty>}
              {all.map((one) => (
                <Card key={one.id} pool={one}>
                  {mayChange && (
                    <div className="row wrap">
                      <Button aria-label={t("pool.people.of", { name: one.name })} onClick={() => setPeopled(one)}>{t("pool.people")}</Button>
                      <Button aria-label={t("pool.edit", { name: one.name })} onClick={() => setEditing(one)}>{t("pool.change")}</Button>
                      <Button kind="quiet" aria-label={t("pool.drop.title", { name: one.name })} onClick={() => setDropped(one)}>{t("pool.drop")}</Button>
                    </div>
                  )}
                </Card>
              ))}
            </>
          )}
        </Loaded>
      </section>
      {editing && <Edit before={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      {peopled && <People pool={peopled} territory={territory} onClose={() => setPeopled(null)} />}
      {dropped && <Drop pool={dropped} onClose={() => setDropped(null)} />}
    </div>
  );
}

function Card({ pool, children }: { pool: Pool; children: React.ReactNode }) {
  const t = useOfferTexts();
  const meaning = useMeaning();
  const count = useMembers(pool.id).data?.technician_ids.length;
  return (
    <article className="card stack tight">
      <strong>{pool.name}</strong>
      {pool.description && <span>{pool.description}</span>}
      <span className="soft small">{pool.rule.length ? pool.rule.map(meaning).join(", ") : t("pool.rule.named")}</span>
      {count !== undefined && <span className="soft small">{count ? t("pool.count", { count }) : t("pool.count.none")}</span>}
      {children}
    </article>
  );
}

function Edit({ before, onClose }: { before: Pool | null; onClose: () => void }) {
  const t = useOfferTexts();
  const tell = useTell();
  const [name, setName] = useState(before?.name ?? "");
  const [description, setDescription] = useState(before?.description ?? "");
  const [rule, setRule] = useState<Condition[]>(before?.rule ?? []);
  const send = async (): Promise<void> => {
    await describePool(before, { name: name.trim(), description: description.trim(), rule });
    tell(t("pool.kept"));
    refreshPools();
  };
  return (
    <FormDialog title={before ? t("pool.edit", { name: before.name }) : t("pool.new")} submit={t("pool.keep")} disabled={!name.trim()} onClose={onClose} onSubmit={send}>
      <Field label={t("pool.name")} required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
      <Field label={t("pool.description")} value={description} onChange={(event) => setDescription(event.target.value)} />
      <Rule rule={rule} onChange={setRule} />
    </FormDialog>
  );
}

function Drop({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  const t = useOfferTexts();
  const tell = useTell();
  const send = async (): Promise<void> => {
    await dropPool(pool.id);
    tell(t("pool.dropped"));
    refreshPools();
  };
  return (
    <FormDialog title={t("pool.drop.title", { name: pool.name })} submit={t("pool.drop")} tone="danger" onClose={onClose} onSubmit={send}>
      <p className="soft">{t("pool.drop.lead")}</p>
    </FormDialog>
  );
}

type Place = "rule" | "in" | "out";

const placeOf = (members: Members, id: string): Place => {
  const named = members.named.find((one) => one.technician_id === id);
  return named ? (named.kept_out ? "out" : "in") : "rule";
};

function People({ pool, territory, onClose }: { pool: Pool; territory: Territory; onClose: () => void }) {
  const t = useOfferTexts();
  const members = useMembers(pool.id);
  return (
    <Loaded of={members}>
      {(found) => <PeopleForm pool={pool} members={found} territory={territory} title={t("pool.people.of", { name: pool.name })} onClose={onClose} />}
    </Loaded>
  );
}

interface PeopleProps {
  pool: Pool;
  members: Members;
  territory: Territory;
  title: string;
  onClose: () => void;
}

function PeopleForm({ pool, members, territory, title, onClose }: PeopleProps) {
  const t = useOfferTexts();
  const tell = useTell();
  const [changed, setChanged] = useState<Record<string, Place>>({});
  const crowd = useQuery({ queryKey: ["crowd", "people", territory.id], queryFn: () => fetchCrowd(territory.id) });
  const byRule = pool.rule.length > 0;
  const options = [
    ["rule", t(byRule ? "pool.member.rule" : "pool.member.named")],
    ["in", t("pool.member.in")],
    ...(byRule ? [["out", t("pool.member.out")] as const] : []),
  ] as const;
  const send = async (): Promise<void> => {
    for (const [id, place] of Object.entries(changed)) {
      if (place === placeOf(members, id)) continue;
      await (place === "rule" ? forgetMember(pool.id, id) : nameMember(pool.id, id, place === "out"));
    }
    tell(t("pool.kept"));
    refreshPools();
  };
  return (
    <FormDialog title={title} submit={t("pool.keep")} onClose={onClose} onSubmit={send}>
      <Loaded of={crowd}>
        {(people) => (
          <>
            {people.length === 0 && <p className="soft">{t("whom.nobody")}</p>}
            {people.map((one) => (
              <Choice
                key={one.id}
                label={one.name}
                value={changed[one.id] ?? placeOf(members, one.id)}
                onChange={(place) => setChanged({ ...changed, [one.id]: place as Place })}
                options={options}
              />
            ))}
          </>
        )}
      </Loaded>
    </FormDialog>
  );
}
