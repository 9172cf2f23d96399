"""Texts about machines: alerts, what is done about them, and faults that many share. By language:
subject, short, long."""

from collections.abc import Mapping

MACHINE_TEXTS: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "alert_opened": {
        "en": (
            "{asset} needs attention",
            "{asset}: {problem}. Choose a time for a visit:",
            "Hello {name},\n\nyour {asset} reports: {problem}.\n"
            "Follow the link to choose a time for a visit.",
        ),
        "de": (
            "{asset} braucht Aufmerksamkeit",
            "{asset}: {problem}. Wählen Sie einen Termin:",
            "Guten Tag {name},\n\nIhr Gerät {asset} meldet: {problem}.\n"
            "Über den Link wählen Sie einen Termin.",
        ),
    },
    "alert_reminder": {
        "en": (
            "{asset} still needs attention",
            "Reminder: {asset}: {problem}. Choose a time for a visit:",
            "Hello {name},\n\nyour {asset} still reports: {problem}.\n"
            "Follow the link to choose a time for a visit.",
        ),
        "de": (
            "{asset} braucht weiter Aufmerksamkeit",
            "Erinnerung: {asset}: {problem}. Wählen Sie einen Termin:",
            "Guten Tag {name},\n\nIhr Gerät {asset} meldet weiter: {problem}.\n"
            "Über den Link wählen Sie einen Termin.",
        ),
    },
    "alert_unattended": {
        "en": (
            "Nobody has taken on {problem}",
            "Nobody has taken this on since {since}: {problem}, {asset}. Take it on:",
            "Hello {name},\n\nsince {since} nobody has taken this on: {problem}, {asset}.\n"
            "Follow the link and take it on.",
        ),
        "de": (
            "Niemand kümmert sich um {problem}",
            "Niemand hat das seit {since} übernommen: {problem}, {asset}. Übernehmen:",
            "Guten Tag {name},\n\nseit {since} hat das niemand übernommen: {problem}, {asset}.\n"
            "Über den Link übernehmen Sie es.",
        ),
    },
    "alert_on_call": {
        "en": (
            "{problem}: nobody is at work",
            "You are on call: {problem}, {asset}. Nobody has taken it on. Call the office.",
            "Hello {name},\n\nyou are on call, and nobody has taken this on: {problem}, {asset}.\n"
            "Call the office.",
        ),
        "de": (
            "{problem}: niemand ist im Dienst",
            "Sie haben Bereitschaft: {problem}, {asset}. Niemand hat es übernommen. Rufen Sie im"
            " Büro an.",
            "Guten Tag {name},\n\nSie haben Bereitschaft, und niemand hat das übernommen:"
            " {problem}, {asset}.\nRufen Sie im Büro an.",
        ),
    },
    "rule_demoted": {
        "en": (
            "{rule} needs review first",
            "{reason} Look at the rule:",
            "Hello {name},\n\nalerts of this rule wait for somebody to look from now on.\n"
            "{reason}\nFollow the link to change the rule or to trust it again.",
        ),
        "de": (
            "{rule} wird erst geprüft",
            "{reason} Regel ansehen:",
            "Guten Tag {name},\n\nMeldungen dieser Regel warten von jetzt an auf eine Prüfung.\n"
            "{reason}\nÜber den Link ändern Sie die Regel oder vertrauen ihr wieder.",
        ),
    },
    "remedies_wait": {
        "en": (
            "Remedies wait for your decision: {count}",
            "Remedies after {fault} wait for your decision: {count}, {amount}. Look at them:",
            "Hello {name},\n\nafter {fault}, what customers shall get waits for your decision:"
            " {count}, {amount} together.\nFollow the link to grant or to decline each.",
        ),
        "de": (
            "Über Hilfen ist zu entscheiden: {count}",
            "Nach {fault} warten Hilfen auf Ihre Entscheidung: {count}, {amount}. Ansehen:",
            "Guten Tag {name},\n\nnach {fault} wartet auf Ihre Entscheidung, was Kunden bekommen"
            " sollen: {count}, zusammen {amount}.\nÜber den Link bewilligen oder lehnen Sie jede"
            " Hilfe ab.",
        ),
    },
    "remedy_credit": {
        "en": (
            "You have {amount} good with us",
            "We are sorry about {asset}. You have {amount} good: it is taken off your next bill.",
            "Hello {name},\n\nwe are sorry about {asset}.\nYou have {amount} good with us. It is"
            " taken off your next bill.",
        ),
        "de": (
            "Sie haben {amount} gut",
            "Es tut uns leid wegen {asset}. Sie haben {amount} gut, mit der nächsten Rechnung.",
            "Guten Tag {name},\n\nes tut uns leid wegen {asset}.\nSie haben {amount} bei uns gut."
            " Es wird mit der nächsten Rechnung verrechnet.",
        ),
    },
    "remedy_loan": {
        "en": (
            "We bring a loan device",
            "Until {asset} works again we bring you a loan device. We tell you when.",
            "Hello {name},\n\nuntil {asset} works again we bring you a loan device.\n"
            "We tell you when.",
        ),
        "de": (
            "Wir bringen ein Leihgerät",
            "Bis {asset} wieder läuft, bringen wir ein Leihgerät. Den Termin sagen wir Ihnen.",
            "Guten Tag {name},\n\nbis {asset} wieder läuft, bringen wir Ihnen ein Leihgerät.\n"
            "Den Termin sagen wir Ihnen.",
        ),
    },
    "remedy_workaround": {
        "en": (
            "{asset}: what helps meanwhile",
            "{asset}: what helps meanwhile: {instructions}",
            "Hello {name},\n\nuntil {asset} works again, this helps:\n{instructions}",
        ),
        "de": (
            "{asset}: was bis dahin hilft",
            "{asset}: Was bis dahin hilft: {instructions}",
            "Guten Tag {name},\n\nbis {asset} wieder läuft, hilft das:\n{instructions}",
        ),
    },
    "incident_update": {
        "en": (
            "A fault in your area",
            "We know of it and are working on it: {problem}. It should be over by {time}.",
            "Hello {name},\n\nwe know of a fault that concerns you and others: {problem}.\n"
            "We are working on its cause. It should be over by {time}. You need not do anything.",
        ),
        "de": (
            "Eine Störung, die Sie betrifft",
            "Wir wissen davon und arbeiten daran: {problem}. Behoben voraussichtlich: {time}.",
            "Guten Tag {name},\n\nwir wissen von einer Störung, die Sie und andere betrifft:"
            " {problem}.\nWir beheben die Ursache, voraussichtlich bis {time}. Sie müssen nichts"
            " tun.",
        ),
    },
}
