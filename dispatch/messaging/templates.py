"""Every text that the product sends by itself, in each language, short and long."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.messaging.lifecycle import Channel
from dispatch.messaging.machine_texts import MACHINE_TEXTS
from kernel.errors import Invalid

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Wording:
    """`short` goes out by SMS and push, `long` by e-mail under `subject`."""

    subject: str
    short: str
    long: str


def _by_language(**wordings: tuple[str, str, str]) -> Mapping[str, Wording]:
    return {language: Wording(*texts) for language, texts in wordings.items()}


TEMPLATES: Mapping[str, Mapping[str, Wording]] = {
    **{name: _by_language(**texts) for name, texts in MACHINE_TEXTS.items()},
    "sign_in_code": _by_language(
        en=(
            "Your sign-in code",
            "Your sign-in code: {code}. It is valid for 10 minutes. Tell it to nobody.",
            "Hello,\n\nyour sign-in code is {code}. It is valid for 10 minutes.\n"
            "If you did not ask for it, ignore this message.",
        ),
        de=(
            "Ihr Anmeldecode",
            "Ihr Anmeldecode: {code}. Er gilt 10 Minuten. Geben Sie ihn niemandem.",
            "Guten Tag,\n\nIhr Anmeldecode ist {code}. Er gilt 10 Minuten.\n"
            "Falls Sie ihn nicht angefordert haben, ignorieren Sie diese Nachricht.",
        ),
    ),
    "booking_confirmed": _by_language(
        en=(
            "Your appointment is confirmed",
            "Confirmed: {work}, {window}, {address}.",
            "Hello {name},\n\nyour appointment is confirmed: {work}.\nArrival: {window}\n"
            "Place: {address}\n\nTo move or cancel it, follow the link.",
        ),
        de=(
            "Ihr Termin ist bestätigt",
            "Bestätigt: {work}, {window}, {address}.",
            "Guten Tag {name},\n\nIhr Termin ist bestätigt: {work}.\nAnkunft: {window}\n"
            "Ort: {address}\n\nZum Verschieben oder Absagen folgen Sie dem Link.",
        ),
    ),
    "date_to_confirm": _by_language(
        en=(
            "We are looking for a technician for your date",
            "{work}, {window}: not sure yet. You know by {confirm_by}.",
            "Hello {name},\n\nyou asked for {work}.\nArrival: {window}\nPlace: {address}\n\n"
            "This date is not sure yet: we are looking for a technician, and tell you by"
            " {confirm_by} whether somebody comes. If not, you can choose another date. To change"
            " or cancel it, follow the link.",
        ),
        de=(
            "Wir suchen für Ihren Termin jemanden",
            "{work}, {window}: noch nicht sicher. Sie wissen es bis {confirm_by}.",
            "Guten Tag {name},\n\nSie möchten {work}.\nAnkunft: {window}\nOrt: {address}\n\n"
            "Dieser Termin ist noch nicht sicher: Wir suchen jemanden und sagen Ihnen bis"
            " {confirm_by}, ob jemand kommt. Wenn nicht, können Sie einen anderen Termin wählen."
            " Zum Ändern oder Absagen folgen Sie dem Link.",
        ),
    ),
    "date_not_confirmed": _by_language(
        en=(
            "Please choose another date",
            "Nobody can come for {work} on {window}. Please choose another date.",
            "Hello {name},\n\nwe are sorry: we found nobody for {work} on {window}.\n"
            "Your request stands. To choose another date, follow the link.",
        ),
        de=(
            "Bitte wählen Sie einen anderen Termin",
            "Für {work} kann {window} niemand kommen. Bitte wählen Sie einen anderen Termin.",
            "Guten Tag {name},\n\nes tut uns leid: Wir haben für {work} niemanden gefunden,"
            " {window}.\nIhr Auftrag besteht weiter. Einen anderen Termin wählen Sie über den"
            " Link.",
        ),
    ),
    "booking_rescheduled": _by_language(
        en=(
            "Your appointment has a new time",
            "New time for {work}: {window}.",
            "Hello {name},\n\nyour appointment has a new time: {work}.\nArrival: {window}\n"
            "Place: {address}",
        ),
        de=(
            "Ihr Termin hat eine neue Zeit",
            "Neue Zeit für {work}: {window}.",
            "Guten Tag {name},\n\nIhr Termin hat eine neue Zeit: {work}.\nAnkunft: {window}\n"
            "Ort: {address}",
        ),
    ),
    "booking_cancelled": _by_language(
        en=(
            "Your appointment is cancelled",
            "Cancelled: {work}. To book again, follow the link.",
            "Hello {name},\n\nyour appointment is cancelled: {work}.\n"
            "To book again, follow the link.",
        ),
        de=(
            "Ihr Termin ist abgesagt",
            "Abgesagt: {work}. Über den Link können Sie neu buchen.",
            "Guten Tag {name},\n\nIhr Termin ist abgesagt: {work}.\n"
            "Über den Link können Sie neu buchen.",
        ),
    ),
    "technician_en_route": _by_language(
        en=(
            "We are on our way",
            "{technician} is on the way to you. Follow the link to see where.",
            "Hello {name},\n\n{technician} is on the way to you for: {work}.\n"
            "Follow the link to see where.",
        ),
        de=(
            "Wir sind unterwegs",
            "{technician} ist unterwegs zu Ihnen. Der Link zeigt, wo.",
            "Guten Tag {name},\n\n{technician} ist unterwegs zu Ihnen: {work}.\n"
            "Der Link zeigt, wo.",
        ),
    ),
    "technician_arrived": _by_language(
        en=(
            "We have arrived",
            "{technician} has arrived.",
            "Hello {name},\n\n{technician} has arrived for: {work}.",
        ),
        de=(
            "Wir sind da",
            "{technician} ist da.",
            "Guten Tag {name},\n\n{technician} ist da: {work}.",
        ),
    ),
    "no_access": _by_language(
        en=(
            "We could not reach you",
            "We were at your door for {work} and could not get in. Choose a new time:",
            "Hello {name},\n\nwe were at {address} for: {work}, and could not get in.\n"
            "Follow the link to choose a new time.",
        ),
        de=(
            "Wir haben Sie nicht erreicht",
            "Wir standen für {work} vor Ihrer Tür und kamen nicht hinein. Neuer Termin:",
            "Guten Tag {name},\n\nwir waren an der Adresse {address} für: {work}, und kamen"
            " nicht hinein.\nÜber den Link wählen Sie einen neuen Termin.",
        ),
    ),
    "rate_visit": _by_language(
        en=(
            "Done. How was it?",
            "{work} is done. How was it? Two questions:",
            "Hello {name},\n\n{work} is done. How was it?\nFollow the link for two questions.",
        ),
        de=(
            "Erledigt. Wie war es?",
            "{work} ist erledigt. Wie war es? Zwei Fragen:",
            "Guten Tag {name},\n\n{work} ist erledigt. Wie war es?\nDer Link führt zu zwei Fragen.",
        ),
    ),
    "offer_sent": _by_language(
        en=(
            "A job for you",
            "New offer: {work}, {window}, {pay}.",
            "Hello {name},\n\nthere is a job for you: {work}.\nWhen: {window}\nPay: {pay}",
        ),
        de=(
            "Ein Auftrag für Sie",
            "Neues Angebot: {work}, {window}, {pay}.",
            "Guten Tag {name},\n\nes gibt einen Auftrag für Sie: {work}.\nWann: {window}\n"
            "Vergütung: {pay}",
        ),
    ),
    "invitation": _by_language(
        en=(
            "You are invited",
            "You are invited to work with us. Follow the link to join.",
            "Hello {name},\n\nyou are invited to work with us. Follow the link within 14 days to"
            " join and to fill in your profile.",
        ),
        de=(
            "Sie sind eingeladen",
            "Sie sind eingeladen, mit uns zu arbeiten. Folgen Sie dem Link.",
            "Guten Tag {name},\n\nSie sind eingeladen, mit uns zu arbeiten. Folgen Sie binnen 14"
            " Tagen dem Link und füllen Sie Ihr Profil aus.",
        ),
    ),
    "onboarding_approved": _by_language(
        en=(
            "Welcome",
            "Your profile is approved. From now on you can get jobs.",
            "Hello {name},\n\nyour profile is approved. From now on you can get jobs.",
        ),
        de=(
            "Willkommen",
            "Ihr Profil ist freigegeben. Ab jetzt können Sie Aufträge bekommen.",
            "Guten Tag {name},\n\nIhr Profil ist freigegeben. Ab jetzt können Sie Aufträge"
            " bekommen.",
        ),
    ),
    "onboarding_sent_back": _by_language(
        en=(
            "Your profile needs another look",
            "Something in your profile is missing: {note}",
            "Hello {name},\n\nsomething in your profile is missing: {note}\nChange it in the app"
            " and hand it in again.",
        ),
        de=(
            "Ihr Profil ist noch nicht vollständig",
            "In Ihrem Profil fehlt etwas: {note}",
            "Guten Tag {name},\n\nin Ihrem Profil fehlt etwas: {note}\nÄndern Sie es in der App und"
            " reichen Sie es erneut ein.",
        ),
    ),
    "credential_ending": _by_language(
        en=(
            "{kind} ends soon",
            "{kind} ends in {days} day(s). Hand in the new one in good time.",
            "Hello {name},\n\nyour proof ends in {days} day(s): {kind}.\nHand in the new one in the"
            " app. Without it you cannot be given work that needs it.",
        ),
        de=(
            "{kind} läuft bald ab",
            "{kind} läuft in {days} Tag(en) ab. Reichen Sie rechtzeitig den neuen Nachweis ein.",
            "Guten Tag {name},\n\nIhr Nachweis läuft in {days} Tag(en) ab: {kind}.\nReichen Sie den"
            " neuen in der App ein. Ohne ihn bekommen Sie keine Arbeit, die ihn verlangt.",
        ),
    ),
    "credential_ended": _by_language(
        en=(
            "{kind} has ended",
            "{kind} is not valid any more. Jobs that need it went to others.",
            "Hello {name},\n\nyour proof is not valid any more: {kind}.\nJobs that need it went to"
            " others. Hand in a new one in the app.",
        ),
        de=(
            "{kind} ist abgelaufen",
            "{kind} gilt nicht mehr. Aufträge, die das verlangen, gingen an andere.",
            "Guten Tag {name},\n\nIhr Nachweis gilt nicht mehr: {kind}.\nAufträge, die ihn"
            " verlangen, gingen an andere. Reichen Sie in der App einen neuen ein.",
        ),
    ),
    "suspended": _by_language(
        en=(
            "You are suspended",
            "You get no jobs for now: {reason} You can ask for another look in the app.",
            "Hello {name},\n\nyou get no jobs for now. The reason: {reason}\nYou can ask for"
            " another look in the app. Somebody else decides within 7 days.",
        ),
        de=(
            "Sie sind gesperrt",
            "Sie bekommen vorerst keine Aufträge: {reason} In der App können Sie widersprechen.",
            "Guten Tag {name},\n\nSie bekommen vorerst keine Aufträge. Der Grund: {reason}\nIn der"
            " App können Sie widersprechen. Jemand anderes entscheidet binnen 7 Tagen.",
        ),
    ),
    "reinstated": _by_language(
        en=(
            "You are back",
            "You can get jobs again. {reason}",
            "Hello {name},\n\nyou can get jobs again. {reason}",
        ),
        de=(
            "Sie sind wieder dabei",
            "Sie können wieder Aufträge bekommen. {reason}",
            "Guten Tag {name},\n\nSie können wieder Aufträge bekommen. {reason}",
        ),
    ),
    "office_note": _by_language(
        en=("A message for you", "{text}", "Hello {name},\n\n{text}"),
        de=("Eine Nachricht für Sie", "{text}", "Guten Tag {name},\n\n{text}"),
    ),
}

SECRET_TEMPLATES = ("sign_in_code",)
"""Their texts are shown to no one but the addressee, and wiped once they are out of date."""


def language_of(locale: str) -> str:
    """The language of the nearest catalogue: de for de-AT, English where there is none."""
    language = locale.partition("-")[0].lower()
    return language if language in TEMPLATES["office_note"] else DEFAULT_LANGUAGE


def render(
    template: str, locale: str, channel: Channel, values: Mapping[str, object]
) -> tuple[str, str]:
    """Subject and text; Invalid when there is no such template or a value is missing."""
    if template not in TEMPLATES:
        raise Invalid(f"There is no template {template}.", code="template_unknown")
    wording = TEMPLATES[template][language_of(locale)]
    body = wording.long if channel is Channel.EMAIL else wording.short
    try:
        return wording.subject.format_map(values), body.format_map(values)
    except KeyError as error:
        raise Invalid(
            f"The template {template} needs {error.args[0]}.", code="template_value_missing"
        ) from error
