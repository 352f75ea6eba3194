using DsrService.Deadlines;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;
using DsrService.Requests;

namespace DsrService.Tests.Notices.Letters;

/// <summary>Art. 12(3): extended, until when, and why in this case.</summary>
internal sealed class ExtensionLetterTests
{
    private static readonly LetterContext Context = new()
    {
        ControllerName = "Example AB",
        ControllerContact = "privacy@example.org",
        AuthorityName = "The Authority",
        AuthorityWeb = "https://authority.example",
        Reference = "DSR-2026-7K3QX9PM",
        Right = Right.Access,
        ReceivedOn = new(2026, 3, 2),
        DueOn = new(2026, 4, 2),
        Texts = LetterSet.BuiltIn.In("en"),
        StatusPage = new("https://example.org/status"),
    };

    [TestCase(ExtensionGround.Complexity, "complex")]
    [TestCase(ExtensionGround.NumberOfRequests, "number of requests")]
    public void Write_EitherGround_NamesBothDatesAndTheReasons(ExtensionGround ground, string word)
    {
        var letter = ExtensionLetter.Write(Context, new(2026, 6, 2), ground, "Nine systems hold the data.");
        Assert.That(letter.Text, Does.Contain("2 April 2026").And.Contain("2 June 2026").And.Contain("Nine systems hold the data.").And.Contain(word).And.Contain("The Authority"));
    }
}
