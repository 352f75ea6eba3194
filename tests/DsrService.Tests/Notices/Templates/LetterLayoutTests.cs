using DsrService.Notices.Letters;
using DsrService.Notices.Templates;

namespace DsrService.Tests.Notices.Templates;

internal sealed class LetterLayoutTests
{
    [Test]
    public void Write_ValuesThatLookLikeStructure_StayText()
    {
        var letter = Late("# Not a heading\r\n- not an item\n\n<https://evil.example>\n---\n<script>alert(1)</script> {{contact}} \uE001");

        Assert.That(letter.Text, Does.Contain("\n\n# Not a heading\n- not an item\n\n<https://evil.example>\n---\n<script>alert(1)</script> {{contact}}\n\n"));
        Assert.That(letter.Html, Does.Contain("<p># Not a heading<br>\n- not an item<br>\n<br>\n&lt;https://evil.example&gt;<br>\n---<br>\n&lt;script&gt;alert(1)&lt;/script&gt; {{contact}}</p>"));
        Assert.That(letter.Html, Does.Not.Contain("<a href=\"https://evil"));
    }

    [Test]
    public void Write_LineBreakInSubject_MakesNoSecondHeader()
    {
        var context = LetterSamples.Context(LetterSet.BuiltIn, "en", uk: false) with { Reference = "X\r\nBcc: all@example.org" };

        Assert.That(context.Write(LetterMessage.Withdrawal, common => common).Subject, Is.EqualTo("Your request was withdrawn (X Bcc: all@example.org)"));
    }

    [TestCase("en", "1 April 2026", "2 November 2026")]
    [TestCase("sv", "1 april 2026", "2 november 2026")]
    [TestCase("de", "1. April 2026", "2. November 2026")]
    [TestCase("fr", "1er avril 2026", "2 novembre 2026")]
    [TestCase("es", "1 de abril de 2026", "2 de noviembre de 2026")]
    public void Day_EachLanguage_AsItIsWrittenThere(string language, string first, string second)
    {
        var words = LetterSet.BuiltIn.In(language).Words(underUkLaw: false);

        Assert.That((words.Day(new(2026, 4, 1)), words.Day(new(2026, 11, 2))), Is.EqualTo((first, second)));
    }

    [TestCase("en", "1,825 days", "1 year and 1 month")]
    [TestCase("sv", "1\u00A0825 dagar", "1 år och 1 månad")]
    [TestCase("de", "1.825 Tage", "1 Jahr und 1 Monat")]
    [TestCase("fr", "1\u00A0825 jours", "1 an et 1 mois")]
    [TestCase("es", "1.825 días", "1 año y 1 mes")]
    public void Length_EachLanguage_AsItIsWrittenThere(string language, string days, string years)
    {
        var words = LetterSet.BuiltIn.In(language).Words(underUkLaw: false);

        Assert.That((words.Length(new(0, 0, 1825)), words.Length(new(1, 1, 0))), Is.EqualTo((days, years)));
    }

    private static Letter Late(string cause) =>
        LetterSamples.Context(LetterSet.BuiltIn, "en", uk: false).Write(LetterMessage.Late, common => new LateModel(common, cause, "1 May"));
}
