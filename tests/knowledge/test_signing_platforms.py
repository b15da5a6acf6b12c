"""Who signs under a domain that is not the author's."""

from forensics.knowledge.signing_platforms import platform_of, platforms


def test_a_domain_or_one_above_it_is_a_platforms() -> None:
    for domain in ("gappssmtp.com", "firm-example.20150623.gappssmtp.com"):
        found = platform_of(domain)
        assert found is not None and found.operator == "Google"
    assert platform_of("notgappssmtp.com") is None
    assert platform_of("firm.example") is None
    assert platform_of("") is None


def test_domains_are_in_lower_case() -> None:
    for domain in platforms():
        assert domain == domain.lower() and "." in domain
