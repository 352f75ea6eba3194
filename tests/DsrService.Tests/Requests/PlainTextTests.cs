using DsrService.Requests;

namespace DsrService.Tests.Requests;

internal sealed class PlainTextTests
{
    [TestCase("Ada Lind")]
    [TestCase("Åsa Öberg-Þórsdóttir")]
    [TestCase("علي")]
    [TestCase("नमस्ते")]
    [TestCase("می‌خواهم")]
    [TestCase("👩‍👧")]
    public void Refusal_NamesOfManyLanguages_AreFine(string text) => Assert.That(PlainText.Refusal(text, 100), Is.Null);

    [TestCase("a\u0000b")]
    [TestCase("a\u001bb")]
    [TestCase("a\u007fb")]
    [TestCase("a\u0090b")]
    [TestCase("a\u202eb")]
    [TestCase("a\u2066b")]
    [TestCase("a\u200fb")]
    [TestCase("a\ufeffb")]
    [TestCase("a\ud800b")]
    [TestCase("a\ue000b")]
    public void Refusal_WhatCannotBeSeenOrTurnsTheText_IsRefusedWithoutRepeatingIt(string text)
    {
        var refusal = PlainText.Refusal(text, 100);

        Assert.That(refusal, Is.Not.Null.And.Not.Contains(text));
    }

    [TestCase("a\nb")]
    [TestCase("a\rb")]
    [TestCase("a\u2028b")]
    [TestCase("a\u0085b")]
    public void Refusal_LineBreaks_AreForLongTextsOnly(string text) => Assert.That(PlainText.Refusal(text, 100), Is.EqualTo("Must stay on one line."));

    [Test]
    public void Refusal_LinesInLongText_AreFine() => Assert.That(PlainText.Refusal("a\r\n\tb", 100, lines: true), Is.Null);

    [Test]
    public void Refusal_TooLong_SaysHowLongItMayBe() => Assert.That(PlainText.Refusal(new string('a', 101), 100), Does.Contain("100"));

    [TestCase("  Ada ", "Ada")]
    [TestCase(" \t ", null)]
    [TestCase(null, null)]
    public void Clean_GivesTheTextItself(string? text, string? clean) => Assert.That(PlainText.Clean(text), Is.EqualTo(clean));
}
