CREATE TABLE terms (
    id UUID DEFAULT uuidv7() NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    binding_from TIMESTAMP WITH TIME ZONE NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_terms PRIMARY KEY (id),
    CONSTRAINT ck_terms_number CHECK (number >= 1),
    CONSTRAINT uq_terms_number UNIQUE (number),
    CONSTRAINT uq_terms_external_id UNIQUE (external_id)
);;
CREATE TABLE weekly_hours (
    id UUID DEFAULT uuidv7() NOT NULL,
    technician_id UUID NOT NULL,
    weekday INTEGER NOT NULL,
    opens TIME WITHOUT TIME ZONE NOT NULL,
    closes TIME WITHOUT TIME ZONE NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_weekly_hours PRIMARY KEY (id),
    CONSTRAINT uq_weekly_hours_technician_id_weekday_opens UNIQUE (technician_id, weekday, opens),
    CONSTRAINT ck_weekly_hours_weekday CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT ck_weekly_hours_order CHECK (closes > opens),
    CONSTRAINT fk_weekly_hours_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT uq_weekly_hours_external_id UNIQUE (external_id)
);;
CREATE TABLE rate_cards (
    id UUID DEFAULT uuidv7() NOT NULL,
    technician_id UUID NOT NULL,
    status VARCHAR(40) NOT NULL,
    hourly_cents INTEGER NOT NULL,
    travel_cents_per_hour INTEGER NOT NULL,
    minimum_cents INTEGER NOT NULL,
    skill_cents JSONB NOT NULL,
    currency TEXT NOT NULL,
    note TEXT NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_rate_cards PRIMARY KEY (id),
    CONSTRAINT ck_rate_cards_rates CHECK (hourly_cents > 0 AND travel_cents_per_hour >= 0 AND minimum_cents >= 0),
    CONSTRAINT fk_rate_cards_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT ck_rate_cards_ratecardstatus CHECK (status IN ('proposed', 'in_force', 'refused', 'replaced')),
    CONSTRAINT uq_rate_cards_external_id UNIQUE (external_id)
);;
CREATE UNIQUE INDEX uq_rate_cards_proposed ON rate_cards (technician_id) WHERE status = 'proposed';;
CREATE INDEX ix_rate_cards_technician_id ON rate_cards (technician_id);;
CREATE UNIQUE INDEX uq_rate_cards_in_force ON rate_cards (technician_id) WHERE status = 'in_force';;
CREATE TABLE consents (
    id UUID DEFAULT uuidv7() NOT NULL,
    technician_id UUID NOT NULL,
    terms_id UUID NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (id),
    CONSTRAINT uq_consents_technician_id_terms_id UNIQUE (technician_id, terms_id),
    CONSTRAINT fk_consents_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT fk_consents_terms_id FOREIGN KEY(terms_id) REFERENCES terms (id),
    CONSTRAINT uq_consents_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_consents_terms_id ON consents (terms_id);;
CREATE TABLE onboardings (
    id UUID DEFAULT uuidv7() NOT NULL,
    invited_as VARCHAR(40) NOT NULL,
    status VARCHAR(40) NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    territory_id UUID NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    provider_id UUID,
    technician_id UUID,
    token_hash TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    note TEXT NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_onboardings PRIMARY KEY (id),
    CONSTRAINT ck_onboardings_of_a_provider CHECK (invited_as = 'freelancer' OR provider_id IS NOT NULL),
    CONSTRAINT ck_onboardings_joined_as_somebody CHECK (invited_as = 'provider_manager' OR status IN ('invited', 'withdrawn') OR technician_id IS NOT NULL),
    CONSTRAINT ck_onboardings_invited CHECK (invited_as IN ('freelancer', 'employee', 'provider_manager')),
    CONSTRAINT ck_onboardings_onboardingstatus CHECK (status IN ('invited', 'joined', 'submitted', 'sent_back', 'approved', 'withdrawn')),
    CONSTRAINT fk_onboardings_territory_id FOREIGN KEY(territory_id) REFERENCES territories (id),
    CONSTRAINT fk_onboardings_provider_id FOREIGN KEY(provider_id) REFERENCES providers (id),
    CONSTRAINT uq_onboardings_technician_id UNIQUE (technician_id),
    CONSTRAINT fk_onboardings_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT uq_onboardings_token_hash UNIQUE (token_hash),
    CONSTRAINT uq_onboardings_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_onboardings_provider_id ON onboardings (provider_id);;
CREATE TABLE credential_papers (
    id UUID DEFAULT uuidv7() NOT NULL,
    credential_id UUID NOT NULL,
    document_id UUID NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_credential_papers PRIMARY KEY (id),
    CONSTRAINT uq_credential_papers_credential_id UNIQUE (credential_id),
    CONSTRAINT fk_credential_papers_credential_id FOREIGN KEY(credential_id) REFERENCES credentials (id),
    CONSTRAINT fk_credential_papers_document_id FOREIGN KEY(document_id) REFERENCES documents (id),
    CONSTRAINT uq_credential_papers_external_id UNIQUE (external_id)
);;
CREATE INDEX ix_credential_papers_document_id ON credential_papers (document_id);;
CREATE TABLE skill_claims (
    id UUID DEFAULT uuidv7() NOT NULL,
    technician_id UUID NOT NULL,
    skill TEXT NOT NULL,
    level INTEGER NOT NULL,
    document_id UUID NOT NULL,
    status VARCHAR(40) NOT NULL,
    note TEXT NOT NULL,
    external_id TEXT,
    version INTEGER DEFAULT 1 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT app_now() NOT NULL,
    CONSTRAINT pk_skill_claims PRIMARY KEY (id),
    CONSTRAINT ck_skill_claims_level CHECK (level BETWEEN 1 AND 5),
    CONSTRAINT fk_skill_claims_technician_id FOREIGN KEY(technician_id) REFERENCES technicians (id),
    CONSTRAINT fk_skill_claims_document_id FOREIGN KEY(document_id) REFERENCES documents (id),
    CONSTRAINT ck_skill_claims_claimstatus CHECK (status IN ('claimed', 'approved', 'refused')),
    CONSTRAINT uq_skill_claims_external_id UNIQUE (external_id)
);;
CREATE UNIQUE INDEX uq_skill_claims_open ON skill_claims (technician_id, skill) WHERE status = 'claimed';;
CREATE INDEX ix_skill_claims_technician_id ON skill_claims (technician_id);;
CREATE TRIGGER touch BEFORE UPDATE ON consents FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON consents FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON credential_papers FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON credential_papers FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON onboardings FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON onboardings FOR EACH ROW EXECUTE FUNCTION audit_record('token_hash');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON onboardings FOR EACH ROW EXECUTE FUNCTION check_move('status', 'invited>joined,invited>withdrawn,joined>submitted,joined>withdrawn,submitted>approved,submitted>sent_back,submitted>withdrawn,sent_back>submitted,sent_back>withdrawn');;
CREATE TRIGGER touch BEFORE UPDATE ON rate_cards FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rate_cards FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON rate_cards FOR EACH ROW EXECUTE FUNCTION check_move('status', 'proposed>in_force,proposed>refused,proposed>replaced,in_force>replaced');;
CREATE TRIGGER touch BEFORE UPDATE ON skill_claims FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON skill_claims FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER legal_move BEFORE UPDATE OF status ON skill_claims FOR EACH ROW EXECUTE FUNCTION check_move('status', 'claimed>approved,claimed>refused');;
CREATE TRIGGER touch BEFORE UPDATE ON terms FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON terms FOR EACH ROW EXECUTE FUNCTION audit_record('');;
CREATE TRIGGER touch BEFORE UPDATE ON weekly_hours FOR EACH ROW EXECUTE FUNCTION touch_record();;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON weekly_hours FOR EACH ROW EXECUTE FUNCTION audit_record('');;
