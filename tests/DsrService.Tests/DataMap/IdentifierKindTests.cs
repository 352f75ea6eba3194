using DsrService.DataMap;

namespace DsrService.Tests.DataMap;

internal sealed class IdentifierKindTests
{
    [TestCase("ada.lind@example.org", true)]
    [TestCase("  ada@example.org ", true)]
    [TestCase("ada", false)]
    [TestCase("ada@", false)]
    [TestCase("@example.org", false)]
    [TestCase("ada@example", false)]
    [TestCase("ada@example..org", false)]
    [TestCase("ada@@example.org", false)]
    [TestCase("ada lind@example.org", false)]
    [TestCase("Ada <ada@example.org>", false)]
    [TestCase("ada@example.org\nBcc: all@example.org", false)]
    [TestCase("ada@example.org\u202e", false)]
    [TestCase("", false)]
    public void Accepts_Email(string value, bool expected) => Assert.That(Kind(IdentifierFormat.Email).Accepts(value), Is.EqualTo(expected));

    [TestCase("C-1001", true)]
    [TestCase("c 1001", true)]
    [TestCase("--", false)]
    [TestCase("X-1", false)]
    public void Accepts_CodeWithPattern(string value, bool expected) =>
        Assert.That((Kind(IdentifierFormat.Code) with { Pattern = "[Cc][- ]?[0-9]+" }).Accepts(value), Is.EqualTo(expected));

    [TestCase(IdentifierFormat.Email, " Ada@Example.ORG", "ada@example.org")]
    [TestCase(IdentifierFormat.Code, "c 10-01", "C1001")]
    [TestCase(IdentifierFormat.Text, " Ada_L ", "Ada_L")]
    public void Normalise_Spelling_IsTheSameForTheSameValue(IdentifierFormat format, string value, string expected) =>
        Assert.That(Kind(format).Normalise(value), Is.EqualTo(expected));

    [TestCase("[", false)]
    [TestCase("(a)\\1", false)]
    [TestCase("a+", true)]
    [TestCase(null, true)]
    public void HasValidPattern_OnlyWhatRunsInLinearTime(string? pattern, bool expected) =>
        Assert.That((Kind(IdentifierFormat.Text) with { Pattern = pattern }).HasValidPattern(), Is.EqualTo(expected));

    private static IdentifierKind Kind(IdentifierFormat format) => new() { Key = "kind", Label = LocalText.Of("Kind"), Format = format };
}
