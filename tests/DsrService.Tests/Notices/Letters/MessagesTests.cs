using System.Text.RegularExpressions;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;

namespace DsrService.Tests.Notices.Letters;

/// <summary>Every message in every language: what its article demands is there, whatever the wording.</summary>
internal sealed partial class MessagesTests
{
    private static readonly string[] Languages = ["en", "sv", "de", "fr", "es"];

    // What must stand in each, in the words of the language: by the list of outgoing messages. $ is looked up in the language's words.
    private static readonly Dictionary<string, string[]> Items = new()
    {
        ["acknowledgement"] = ["$date:2026-11-02", "$date:2026-12-02", "$rights.erasure", "token=sample"],
        ["identity-link"] = ["token=sample"],
        ["identity-reminder"] = ["token=sample", "$date:2026-11-02"],
        ["withdrawal"] = ["$date:2026-11-02", "$rights.erasure"],
        ["verification"] = ["‹doubts›", "‹needed›", "#12.6"],
        ["clarification"] = ["‹question›"],
        ["fee"] = ["‹reason›", "‹amount›", "‹basis›", "#12.5", "#15.3", "remedies"],
        ["extension"] = ["$date:2026-12-02", "$date:2027-02-02", "$extensionGrounds.complexity", "‹reasons›", "remedies"],
        ["refusal"] = ["$refusalGrounds.identity-not-confirmed", "‹explanation›", "remedies"],
        ["cannot-identify"] = ["token=sample", "#11.2", "#12.2", "remedies"],
        ["access"] = ["‹purpose›", "‹category A›, ‹category B›", "‹recipient›", "$countries.US", "‹safeguard›", "‹event›", "$sources.provided", "‹automated decision›",
            "$legalBases.contract", "index.html", "$reasons.15-4-redacted", "withheld", "remedies"],
        ["access-none"] = ["‹identifier›", "‹remark›", "remedies"],
        ["rectification"] = ["‹field›", "‹record›", "‹recipient A›", "$date:2026-11-21", "withheld", "remedies"],
        ["erasure"] = ["‹category A›", "‹category B›", "$date:2026-11-21", "‹system›", "$date:2026-12-26", "‹recipient A›", "#5.2", "withheld", "remedies"],
        ["restriction"] = ["‹category A›", "$date:2026-11-21", "$reasons.18-1-a", "#18.2", "#18.3", "‹recipient A›", "withheld", "remedies"],
        ["lifting"] = ["$date:2027-02-02", "‹reason›", "‹category A›", "‹category B›", "#18.3", "remedies"],
        ["portability"] = ["‹category A›", "JSON", "CSV", "description.json", "#15", "withheld", "remedies"],
        ["objection"] = ["‹purpose›", "$date:2026-11-21", "#17.1", "withheld", "remedies"],
        ["objection-refused"] = ["‹remark›", "#18.3", "withheld", "remedies"],
        ["recipient-notice"] = ["‹recipient›", "$changes.erasure", "‹subject›", "‹category A›", "‹category B›", "$date:2026-11-21", "#19"],
        ["published-data"] = ["‹recipient›", "‹subject›", "‹category A›", "#17.2"],
        ["recipients-list"] = ["‹recipient A›", "‹recipient B›", "$date:2026-11-21"],
        ["late"] = ["$date:2026-12-02", "‹cause›", "$date:2027-02-02", "remedies"],
        ["breach"] = ["‹what›", "‹category A›", "‹consequences›", "‹measures›", "‹advice›", "dpo@muster.example", "#34", "remedies"],
        ["breach-report"] = ["‹what›", "$date:2026-11-21", "‹category A›", "‹consequences›", "‹measures›", "dpo@muster.example", "#33"],
        ["uk-complaint"] = ["$date:2026-11-21", "‹subject›", "‹steps›", "$date:2027-02-02", "164A"],
        ["swiss-access"] = ["‹purpose›", "‹recipient›", "$countries.US", "‹event›", "$sources.provided", "‹automated decision›", "25"],
        ["kept-erased"] = ["$date:2027-02-02", "‹category A›", "‹category B›"],
        ["vendor-items"] = ["‹system›", "$vendorActions.erase", "$vendorActions.access", "$date:2026-12-02", "$date:2026-11-21", "token=sample"],
    };

    private static readonly string[] Withheld = ["‹category C›", "$reasons.17-3-b", "‹law›", "$date:2033-12-31", "‹category D›", "$reasons.17-3-e", "‹category E›", "‹reason›", "‹category F›"];

    private static IEnumerable<TestCaseData> All() =>
        from message in LetterMessage.All from language in Languages select new TestCaseData(message, language).SetName($"{{m}}({message.Name}, {language})");

    [TestCaseSource(nameof(All))]
    public void Write_EveryMessage_HoldsWhatItsArticleDemands(LetterMessage message, string language)
    {
        var words = LetterSet.BuiltIn.In(language).Words(underUkLaw: false);
        var letter = LetterSamples.Write(message, LetterSet.BuiltIn, language, uk: false)[0];

        foreach (var version in new[] { letter.Text, System.Net.WebUtility.HtmlDecode(letter.Html!) })
            foreach (var item in Items[message.Name].SelectMany(item => item == "withheld" ? Withheld : [item]))
                AssertHolds(version, item, words, letter.Subject);
        Assert.That(letter.Text, Does.Contain("Muster AB").And.Contains("privacy@muster.example"), "who writes");
        // That to a vendor is about several.
        if (message != LetterMessage.VendorItems)
            Assert.That(letter.Text + letter.Subject, Does.Contain("DSR-2026-7K3QX9PM"), "case number");
        Assert.That(letter.Html, Does.Contain($"<html lang=\"{language}\">"));
    }

    [TestCaseSource(nameof(All))]
    public void Write_EveryForm_LeavesNothingOpenAndNoEnglish(LetterMessage message, string language)
    {
        foreach (var uk in new[] { false, true })
            foreach (var letter in LetterSamples.Write(message, LetterSet.BuiltIn, language, uk))
            {
                Assert.That(letter.Subject + letter.Text + letter.Html, Does.Not.Match("[{}\uE000\uE001]"), "placeholders and marks");
                Assert.That(letter.Subject, Is.Not.Empty.And.Not.Contains("\n"));
                Assert.That(letter.Text, Does.Not.Contain("  ").And.Not.Contain("\n\n\n").And.Not.Contain(" ."));
                if (language != "en")
                    Assert.That(English().Matches(Names().Replace(letter.Subject + letter.Text, " ")).Select(match => match.Value), Is.Empty, letter.Text);
            }
    }

    [TestCaseSource(nameof(All))]
    public void Write_EveryForm_IsBuiltAsInEnglish(LetterMessage message, string language)
    {
        var english = LetterSamples.Write(message, LetterSet.BuiltIn, "en", uk: false);
        var letters = LetterSamples.Write(message, LetterSet.BuiltIn, language, uk: false);

        Assert.That(letters.Select(Shape), Is.EqualTo(english.Select(Shape)), "headings, paragraphs, items");
    }

    [TestCaseSource(nameof(All))]
    public void Write_UnderUkLaw_NamesTheLawAndAuthorityOfTheUnitedKingdom(LetterMessage message, string language)
    {
        var letters = LetterSamples.Write(message, LetterSet.BuiltIn, language, uk: true);
        var eu = LetterSet.BuiltIn.In(language).Words(underUkLaw: false).Gdpr;

        foreach (var text in letters.Select(letter => letter.Text))
        {
            Assert.That(text, Does.Not.Match($@"\b{eu}\b(?! (britannique|del Reino Unido))(?<!UK {eu})"), "the law of the Union");
            Assert.That(text, Does.Not.Match(@"\b77\b"), "Article 77 is no part of the UK GDPR");
            if (Items[message.Name].Contains("remedies"))
                Assert.That(text, Does.Contain("Information Commissioner").And.Contains("https://ico.org.uk").And.Contains("164A").And.Contains("167"));
        }
    }

    [Test]
    public void All_Messages_AreTested() => Assert.That(Items.Keys, Is.EquivalentTo(LetterMessage.All.Select(message => message.Name)));

    private static void AssertHolds(string text, string item, LetterWords words, string subject)
    {
        if (item == "remedies")
        {
            Assert.That(text, Does.Contain("Commission nationale de l’informatique et des libertés (CNIL)").And.Contains("https://www.cnil.fr"), "authority of the person's country");
            Assert.That(text, Does.Contain("https://www.imy.se"), "authority of the controller");
            Assert.That(text, Does.Match(@"\b77\b").And.Match(@"\b79\b"), "complaint and judicial remedy");
        }
        else if (item.StartsWith("$date:", StringComparison.Ordinal))
            Assert.That(text, Does.Contain(words.Day(DateOnly.Parse(item[6..], System.Globalization.CultureInfo.InvariantCulture))));
        else if (item.StartsWith('$'))
            Assert.That(text, Does.Contain(words.Of(item[1..])));
        else if (item.StartsWith('#'))
            Assert.That(subject + text, Does.Match(Article(item[1..])), $"Article {item[1..]}");
        else
            Assert.That(text, Does.Contain(item));
    }

    // 18.3 is Article 18(3), artikel 18.3, Artikel 18 Absatz 3, article 18, paragraphe 3 or artículo 18, apartado 3.
    private static string Article(string number) => number.Split('.') is [var article, var paragraph]
        ? $@"\b{article}(\(|\.| Absatz |, paragraphe |, apartado ){paragraph}\b"
        : $@"\b{number}\b";

    private static string Shape(Letter letter) => string.Join(' ', Elements().Matches(letter.Html!).Select(match => match.Groups[1].Value));

    [GeneratedRegex("<(h2|p|li|hr|a)[ >]")]
    private static partial Regex Elements();

    // Words of English that are no words of the others.
    [GeneratedRegex(@"\b(the|and|your|you|our|with|which|because|request|erasure|until|kept|law|nothing|told|this|that|from|have|about|years?|months?|days?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex English();

    // What people and companies wrote, addresses, and names of laws and files, which are the same everywhere.
    [GeneratedRegex(@"‹[^›]*›|https?://\S+|\S+@\S+|index\.html|description\.json|Data Protection Act|UK GDPR|Information Commissioner’s Office")]
    private static partial Regex Names();
}
