// Finding the caller, or making a new customer.
import { Button, Empty, Failure, Field, Skeleton } from "@firstfix/shared/ui/controls";
import { FormDialog } from "@firstfix/shared/ui/dialog";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { createCustomer, searchCustomers } from "../api";
import type { Customer } from "../types";
import { useTexts } from "../words";

const LEAST_LETTERS = 2;

export function Who({ onChoose }: { onChoose: (customer: Customer) => void }) {
  const t = useTexts();
  const [search, setSearch] = useState("");
  const [creating, setCreating] = useState(false);
  const wanted = useDeferredValue(search.trim());
  const { data, error, isFetching } = useQuery({
    queryKey: ["customers", wanted],
    queryFn: () => searchCustomers(wanted),
    enabled: wanted.length >= LEAST_LETTERS,
    staleTime: 15_000,
  });
  return (
    <section className="stack">
      <Field label={t("intake.who")} placeholder={t("intake.search")} type="search" autoFocus value={search} onChange={(e) => setSearch(e.target.value)} />
      <Failure error={error} />
      {isFetching && !data && <Skeleton lines={3} />}
      {data?.length === 0 && <Empty title={t("intake.no_match")} />}
      <ul className="stack tight">
        {data?.map((customer) => (
          <li key={customer.id}>
            <button type="button" className="pick" onClick={() => onChoose(customer)}>
              <strong>{customer.name}</strong>
              <span className="soft small">{[customer.phone, customer.email].filter(Boolean).join(" · ")}</span>
            </button>
          </li>
        ))}
      </ul>
      <Button onClick={() => setCreating(true)}>{t("intake.new_customer")}</Button>
      {creating && <NewCustomer said={search.trim()} onClose={() => setCreating(false)} onChoose={onChoose} />}
    </section>
  );
}

/** What was searched for is the new customer's name, e-mail or phone number, by its looks. */
function meaning(said: string): "name" | "email" | "phone" {
  if (said.includes("@")) return "email";
  return /^[+\d][\d\s/()-]{4,}$/.test(said) ? "phone" : "name";
}

interface NewCustomerProps {
  said: string;
  onClose: () => void;
  onChoose: (customer: Customer) => void;
}

function NewCustomer(props: NewCustomerProps) {
  const t = useTexts();
  const first = (kind: ReturnType<typeof meaning>): string => (meaning(props.said) === kind ? props.said : "");
  const [name, setName] = useState(first("name"));
  const [phone, setPhone] = useState(first("phone"));
  const [email, setEmail] = useState(first("email"));
  const send = async (): Promise<void> => props.onChoose(await createCustomer(name.trim(), phone.trim(), email.trim()));
  return (
    <FormDialog title={t("intake.new_customer")} submit={t("intake.create")} disabled={!name.trim()} onClose={props.onClose} onSubmit={send}>
      <Field label={t("intake.name")} required autoFocus value={name} onChange={(e) => setName(e.target.value)} />
      <Field label={t("intake.phone")} type="tel" value={phone} onChange={(e) => setPhone(e.target.value)} />
      <Field label={t("intake.email")} type="email" value={email} onChange={(e) => setEmail(e.target.value)} />
    </FormDialog>
  );
}
