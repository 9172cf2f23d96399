"""Every setting of the product, read from the environment once."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-not-for-production"


class Settings(BaseSettings):
    """Names are `FIRSTFIX_<FIELD>` in the environment, apart from the three usual URLs."""

    model_config = SettingsConfigDict(env_prefix="FIRSTFIX_", extra="ignore", populate_by_name=True)

    environment: Literal["development", "test", "production"] = Field(
        "development", description="production refuses default secrets and sandbox adapters"
    )
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL >= 18; without it only `up`, `demo` and drafts of migrations run,"
        " on an embedded one",
    )
    broker_url: str = Field(
        "",
        validation_alias=AliasChoices("BROKER_URL", "broker_url"),
        description="Valkey or Redis; `up` and `demo` have an embedded one",
    )
    mqtt_url: str = Field(
        "",
        validation_alias=AliasChoices("MQTT_URL", "mqtt_url"),
        description="mqtt://user:password@host:port; `up` and `demo` have an embedded broker",
    )
    mqtt_per_device_acl: bool = Field(
        False, description="the broker itself keeps each device to its own topics"
    )
    device_authority_key: str = Field(
        "", description="of the authority that signs devices' certificates: `firstfix authority`"
    )
    device_authority_certificate: str = Field("", description="of that authority itself")
    data_dir: Path = Field(Path(".dev/data"), description="where the embedded servers keep data")
    secret_key: str = Field(DEVELOPMENT_SECRET, description="signs access tokens and links")
    public_url: str = Field("http://127.0.0.1:8000", description="base of links in messages")
    pool_size: int = Field(20, ge=2, description="database connections and threads per API process")
    access_minutes: int = Field(15, ge=1, description="life of an access token")
    refresh_days: int = Field(30, ge=1, description="life of a sign-in that is being used")
    optimizer_enabled: bool = Field(True, description="off: planning is by hand only")
    improve_plans: bool = Field(True, description="plans are improved in the background")
    plan_limit_seconds: float = Field(5.0, gt=0, description="time the optimizer may use per plan")
    plan_part_visits: int = Field(
        400, ge=1, description="a plan of more visits is solved in parts of about so many"
    )
    solver_memory_mb: int = Field(4000, ge=200, description="a solver process above it is replaced")
    travel_source: Literal["straight", "valhalla", "valhalla-server", "osrm", "ors"] = Field(
        "straight",
        description="how long trips take: straight line, Valhalla in the process on built tiles,"
        " or a server",
    )
    travel_url: str = Field("", description="of the Valhalla, OSRM or openrouteservice server")
    travel_key: str = Field("", description="of the openrouteservice account, if it asks for one")
    travel_tiles: Path = Field(
        Path(".dev/data/roads"), description="where `travel build-tiles` puts the road network"
    )
    travel_timeout_seconds: float = Field(2.0, gt=0, description="per question to a road network")
    travel_budget_seconds: float = Field(
        10.0, gt=0, description="per matrix; what is not answered by then is estimated"
    )
    travel_keep_days: int = Field(30, ge=1, description="so long what a road network said counts")
    geocoder: Literal["off", "nominatim", "photon", "pelias"] = Field(
        "off", description="who finds addresses; off: every pin is set by hand"
    )
    geocoder_url: str = Field(
        "",
        description="of an own server; Nominatim and Photon have public ones, one question"
        " a second",
    )
    geocoder_key: str = Field("", description="of the Pelias server, if it asks for one")
    geocoder_contact: str = Field(
        "", description="e-mail or address told to the geocoder; the public ones want one"
    )
    geocoder_timeout_seconds: float = Field(3.0, gt=0, description="per address")
    learned_durations: Literal["off", "type", "personal"] = Field(
        "personal",
        description="what plans learn from visits: nothing, how long each kind of work takes, or"
        " also how fast each person is (seen by the planner alone)",
    )
    message_channel: Literal["inbox", "none"] = Field(
        "inbox",
        description="where messages go: inbox is for development; none sends nothing and says so",
    )
    payment_provider: Literal["sandbox", "transfer-api", "none"] = Field(
        "sandbox",
        description="who pays freelancers: sandbox is for development and pays nobody; transfer-api"
        " is an API in the shape of Stripe's; none leaves payouts waiting",
    )
    payment_url: str = Field("", description="of the payment provider's API")
    payment_key: str = Field("", description="secret key of the payment provider's API")
    payment_timeout_seconds: float = Field(8.0, gt=0, description="per question to it")
    default_country: str = Field("DE", description="country of phone numbers without a prefix")
    currency: str = Field("EUR", description="currency of new prices and pay")
    failpoints: str = Field("", description="tests only: name=action pairs, comma separated")
    log_json: bool = Field(False, description="logs as JSON lines")

    @model_validator(mode="after")
    def refuse_defaults_in_production(self) -> "Settings":
        if self.environment == "production":
            if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:
                raise ValueError("set FIRSTFIX_SECRET_KEY to at least 32 random characters")
            if self.failpoints:
                raise ValueError("failpoints are for tests only")
            for name in ("database_url", "broker_url", "mqtt_url"):
                if not getattr(self, name):
                    raise ValueError(f"set {name.upper()}; embedded servers are for development")
            if self.message_channel == "inbox":
                raise ValueError("the development inbox does not start in production")
            if self.payment_provider == "sandbox":
                raise ValueError("the sandbox that pays nobody does not start in production")
        return self

    @model_validator(mode="after")
    def refuse_half_an_authority(self) -> "Settings":
        if bool(self.device_authority_key) != bool(self.device_authority_certificate):
            raise ValueError("set FIRSTFIX_DEVICE_AUTHORITY_KEY and ..._CERTIFICATE together")
        return self

    @model_validator(mode="after")
    def refuse_payments_without_account(self) -> "Settings":
        if self.payment_provider == "transfer-api" and not (self.payment_url and self.payment_key):
            raise ValueError("set FIRSTFIX_PAYMENT_URL and FIRSTFIX_PAYMENT_KEY")
        return self

    @model_validator(mode="after")
    def refuse_server_without_address(self) -> "Settings":
        if self.travel_source in ("valhalla-server", "osrm", "ors") and not self.travel_url:
            raise ValueError(f"set FIRSTFIX_TRAVEL_URL for travel_source {self.travel_source}")
        return self

    @model_validator(mode="after")
    def refuse_geocoder_without_address(self) -> "Settings":
        if self.geocoder == "pelias" and not self.geocoder_url:
            raise ValueError("set FIRSTFIX_GEOCODER_URL for pelias")
        if self.geocoder in ("nominatim", "photon") and not (
            self.geocoder_url or self.geocoder_contact
        ):
            raise ValueError("set FIRSTFIX_GEOCODER_CONTACT: the public geocoder asks for one")
        return self


@cache
def settings() -> Settings:
    return Settings()
