"""The end of a bank account, found in what a business wrote about how to pay it by transfer."""

from __future__ import annotations

import re
from collections.abc import Iterator

_IBAN_BEGINS = re.compile(r"[A-Z]{2}\d{2}")
_NUMBER = re.compile(r"\d(?:[ ./-]?\d){5,}")
_ACCOUNT = re.compile(r"account|acct|a/c|konto|kto|compte|cuenta|conta|rekening", re.IGNORECASE)
_ANOTHER_NUMBER = re.compile(
    r"routing|aba\b|sort|blz|bank code|bankleitzahl|bsb|ifsc|swift|bic|phone|tel|fax|tax|vat|reg",
    re.IGNORECASE,
)


def end_of_account(bank_details: str) -> str:
    """The last four characters of an IBAN, else of the account number; "" when none is found for sure."""
    lines = bank_details.splitlines()
    for number in (*_ibans(lines), *_numbers(lines)):
        return number[-4:]
    return ""


def _ibans(lines: list[str]) -> Iterator[str]:
    """As people write them: in groups of four or in one, with other words before and behind."""
    for line in lines:
        words = re.split(r"[\s:,;]+", line.upper())
        for start, word in enumerate(words):
            if not _IBAN_BEGINS.match(word):
                continue
            iban = ""
            for following in words[start:]:
                iban += following
                if _is_iban(iban):
                    yield iban
                    break


def _is_iban(said: str) -> bool:
    if not (15 <= len(said) <= 34 and said.isascii() and said.isalnum()):
        return False
    turned = said[4:] + said[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _numbers(lines: list[str]) -> Iterator[str]:
    """Numbers on lines that say so, then the one on a line that says nothing else."""
    named = [line for line in lines if _ACCOUNT.search(line)]
    for line in named or [line for line in lines if not _ANOTHER_NUMBER.search(line)]:
        told = _ACCOUNT.split(line, maxsplit=1)[-1]
        if found := _NUMBER.search(told) or _NUMBER.search(line):
            yield re.sub(r"\D", "", found[0])
