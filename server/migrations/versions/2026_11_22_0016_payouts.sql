CREATE FUNCTION check_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
    IF NOT EXISTS (
        SELECT 1
          FROM ledger_entries e
          JOIN ledger_lines l ON l.entry_id = e.id
          JOIN ledger_accounts a ON a.id = l.account_id
         WHERE e.id = entry
         GROUP BY e.id
        HAVING sum(l.cents) = 0
           AND count(*) = e.line_count
           AND bool_and(a.currency = e.currency)
    ) THEN
        RAISE EXCEPTION 'ledger entry % does not add up', entry USING ERRCODE = 'FF005';
    END IF;
    RETURN NULL;
END $$;;
CREATE TABLE ledger_accounts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	holder_id UUID, 
	currency TEXT NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (id), 
	CONSTRAINT uq_ledger_accounts_kind_holder_id_currency UNIQUE NULLS NOT DISTINCT (kind, holder_id, currency), 
	CONSTRAINT ck_ledger_accounts_accountkind CHECK (kind IN ('buyer', 'held', 'platform', 'bank', 'earned', 'disputed', 'payable', 'in_transit')), 
	CONSTRAINT uq_ledger_accounts_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_ledger_accounts_holder_id ON ledger_accounts (holder_id);;
CREATE TRIGGER touch BEFORE UPDATE ON ledger_accounts FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON ledger_accounts FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE ledger_entries (
	id UUID DEFAULT uuidv7() NOT NULL, 
	movement VARCHAR(40) NOT NULL, 
	key TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	visit_id UUID, 
	subject_id UUID, 
	reverses_id UUID, 
	line_count INTEGER NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_ledger_entries PRIMARY KEY (id), 
	CONSTRAINT uq_ledger_entries_key UNIQUE (key), 
	CONSTRAINT uq_ledger_entries_reverses_id UNIQUE (reverses_id), 
	CONSTRAINT ck_ledger_entries_lines CHECK (line_count >= 2), 
	CONSTRAINT ck_ledger_entries_movement CHECK (movement IN ('hold', 'earn', 'approve', 'dispute', 'resolve', 'send', 'pay', 'reverse')), 
	CONSTRAINT fk_ledger_entries_reverses_id FOREIGN KEY(reverses_id) REFERENCES ledger_entries (id), 
	CONSTRAINT uq_ledger_entries_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_ledger_entries_subject_id ON ledger_entries (subject_id);;
CREATE INDEX ix_ledger_entries_visit_id ON ledger_entries (visit_id);;
CREATE TRIGGER touch BEFORE UPDATE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE pay_terms (
	id UUID DEFAULT uuidv7() NOT NULL, 
	fee_bp INTEGER NOT NULL, 
	approve_hours INTEGER NOT NULL, 
	late_cancel_hours INTEGER NOT NULL, 
	late_cancel_pct INTEGER NOT NULL, 
	call_out_pct INTEGER NOT NULL, 
	late_back_out_hours INTEGER NOT NULL, 
	late_back_out_pct INTEGER NOT NULL, 
	dispute_days INTEGER NOT NULL, 
	limit_cents INTEGER NOT NULL, 
	payout_weekday INTEGER, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_pay_terms PRIMARY KEY (id), 
	CONSTRAINT ck_pay_terms_fee CHECK (fee_bp BETWEEN 0 AND 10000), 
	CONSTRAINT ck_pay_terms_times CHECK (approve_hours > 0 AND late_cancel_hours >= 0 AND late_back_out_hours >= 0 AND dispute_days > 0), 
	CONSTRAINT ck_pay_terms_shares CHECK (late_cancel_pct BETWEEN 0 AND 100 AND call_out_pct BETWEEN 0 AND 100 AND late_back_out_pct BETWEEN 0 AND 100), 
	CONSTRAINT ck_pay_terms_limit CHECK (limit_cents >= 0), 
	CONSTRAINT ck_pay_terms_weekday CHECK (payout_weekday BETWEEN 0 AND 6), 
	CONSTRAINT uq_pay_terms_external_id UNIQUE (external_id)
);;
CREATE TRIGGER touch BEFORE UPDATE ON pay_terms FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON pay_terms FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TABLE ledger_lines (
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	entry_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	cents BIGINT NOT NULL, 
	CONSTRAINT pk_ledger_lines PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_lines_moves CHECK (cents <> 0), 
	CONSTRAINT fk_ledger_lines_entry_id FOREIGN KEY(entry_id) REFERENCES ledger_entries (id), 
	CONSTRAINT fk_ledger_lines_account_id FOREIGN KEY(account_id) REFERENCES ledger_accounts (id)
);;
CREATE INDEX ix_ledger_lines_account_id ON ledger_lines (account_id);;
CREATE INDEX ix_ledger_lines_entry_id ON ledger_lines (entry_id);;
CREATE TABLE documents (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	content BYTEA NOT NULL, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT ck_documents_not_empty CHECK (size_bytes > 0), 
	CONSTRAINT fk_documents_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT uq_documents_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_documents_technician_id ON documents (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION audit_record('content');;
CREATE TABLE payouts (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	payee_id UUID NOT NULL, 
	visit_id UUID, 
	kind VARCHAR(40) NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	amount_cents INTEGER NOT NULL, 
	fee_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	approve_by TIMESTAMP WITH TIME ZONE, 
	note TEXT NOT NULL, 
	transfer_id UUID, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_payouts PRIMARY KEY (id), 
	CONSTRAINT ck_payouts_amount CHECK (amount_cents > 0 OR (amount_cents < 0 AND kind IN ('adjustment', 'back_out'))), 
	CONSTRAINT ck_payouts_fee CHECK (fee_cents >= 0), 
	CONSTRAINT ck_payouts_paid_by_transfer CHECK (status <> 'paid' OR transfer_id IS NOT NULL), 
	CONSTRAINT ck_payouts_payable CHECK (transfer_id IS NULL OR status IN ('approved', 'resolved', 'paid')), 
	CONSTRAINT fk_payouts_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT fk_payouts_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_payouts_payoutkind CHECK (kind IN ('pay', 'call_out', 'cancellation', 'back_out', 'adjustment', 'bonus', 'expense')), 
	CONSTRAINT ck_payouts_payoutstatus CHECK (status IN ('earned', 'approved', 'disputed', 'resolved', 'paid', 'reversed')), 
	CONSTRAINT uq_payouts_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_payouts_due ON payouts (approve_by) WHERE status = 'earned';;
CREATE INDEX ix_payouts_payable ON payouts (payee_id) WHERE status IN ('approved', 'resolved') AND transfer_id IS NULL;;
CREATE INDEX ix_payouts_technician_id ON payouts (technician_id);;
CREATE INDEX ix_payouts_transfer_id ON payouts (transfer_id);;
CREATE INDEX ix_payouts_visit_id ON payouts (visit_id);;
CREATE UNIQUE INDEX uq_payouts_by_rule ON payouts (visit_id, technician_id, kind) WHERE status <> 'reversed' AND kind IN ('pay', 'call_out', 'cancellation', 'back_out');;
CREATE TRIGGER touch BEFORE UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON payouts FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON payouts FOR EACH ROW EXECUTE FUNCTION check_move('status', 'earned>approved,earned>disputed,earned>reversed,approved>disputed,approved>paid,approved>reversed,disputed>resolved,disputed>reversed,resolved>paid,resolved>reversed,paid>approved');;
CREATE TABLE disputes (
	id UUID DEFAULT uuidv7() NOT NULL, 
	payout_id UUID NOT NULL, 
	technician_id UUID NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	reason TEXT NOT NULL, 
	opened_by TEXT NOT NULL, 
	answer_by TIMESTAMP WITH TIME ZONE NOT NULL, 
	answer TEXT NOT NULL, 
	adjustment_id UUID, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_disputes PRIMARY KEY (id), 
	CONSTRAINT fk_disputes_payout_id FOREIGN KEY(payout_id) REFERENCES payouts (id), 
	CONSTRAINT fk_disputes_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT ck_disputes_disputestatus CHECK (status IN ('open', 'settled')), 
	CONSTRAINT fk_disputes_adjustment_id FOREIGN KEY(adjustment_id) REFERENCES payouts (id), 
	CONSTRAINT uq_disputes_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_disputes_payout_id ON disputes (payout_id);;
CREATE INDEX ix_disputes_technician_id ON disputes (technician_id);;
CREATE UNIQUE INDEX uq_disputes_open ON disputes (payout_id) WHERE status = 'open';;
CREATE TRIGGER touch BEFORE UPDATE ON disputes FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON disputes FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON disputes FOR EACH ROW EXECUTE FUNCTION check_move('status', 'open>settled');;
CREATE TABLE pay_changes (
	id UUID DEFAULT uuidv7() NOT NULL, 
	technician_id UUID NOT NULL, 
	visit_id UUID, 
	kind VARCHAR(40) NOT NULL, 
	status VARCHAR(40) NOT NULL, 
	amount_cents INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	document_id UUID, 
	side VARCHAR(40) NOT NULL, 
	asked_by TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	payout_id UUID, 
	external_id TEXT, 
	version INTEGER DEFAULT 1 NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL, 
	CONSTRAINT pk_pay_changes PRIMARY KEY (id), 
	CONSTRAINT ck_pay_changes_amount CHECK (amount_cents > 0 OR (amount_cents < 0 AND kind = 'adjustment')), 
	CONSTRAINT ck_pay_changes_receipt CHECK (kind <> 'expense' OR document_id IS NOT NULL), 
	CONSTRAINT ck_pay_changes_approved CHECK ((status = 'approved') = (payout_id IS NOT NULL)), 
	CONSTRAINT fk_pay_changes_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id), 
	CONSTRAINT fk_pay_changes_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id), 
	CONSTRAINT ck_pay_changes_paychangekind CHECK (kind IN ('adjustment', 'bonus', 'expense')), 
	CONSTRAINT ck_pay_changes_paychangestatus CHECK (status IN ('asked', 'approved', 'refused')), 
	CONSTRAINT fk_pay_changes_document_id FOREIGN KEY(document_id) REFERENCES documents (id), 
	CONSTRAINT ck_pay_changes_side CHECK (side IN ('office', 'freelancer')), 
	CONSTRAINT fk_pay_changes_payout_id FOREIGN KEY(payout_id) REFERENCES payouts (id), 
	CONSTRAINT uq_pay_changes_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_pay_changes_asked ON pay_changes (created_at) WHERE status = 'asked';;
CREATE INDEX ix_pay_changes_technician_id ON pay_changes (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON pay_changes FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON pay_changes FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON pay_changes FOR EACH ROW EXECUTE FUNCTION check_move('status', 'asked>approved,asked>refused');;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_entry('id');;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON ledger_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_entry('entry_id');;
SELECT set_config('firstfix.actor', 'system', true);;
INSERT INTO pay_terms (fee_bp, approve_hours, late_cancel_hours, late_cancel_pct, call_out_pct, late_back_out_hours, late_back_out_pct, dispute_days, limit_cents, payout_weekday) VALUES (0, 72, 24, 50, 50, 24, 0, 5, 20000, 4);;
