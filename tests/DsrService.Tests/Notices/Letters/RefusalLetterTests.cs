using DsrService.Notices.Letters;
using DsrService.Notices.Templates;
using DsrService.Requests;

namespace DsrService.Tests.Notices.Letters;

/// <summary>Art. 12(4): reasons, complaint, judicial remedy, whatever the ground.</summary>
internal sealed class RefusalLetterTests
{
    private static readonly LetterContext Context = new()
    {
        ControllerName = "Example AB",
        ControllerContact = "privacy@example.org",
        DataProtectionOfficer = "dpo@example.org",
        AuthorityName = "The Authority",
        AuthorityWeb = "https://authority.example",
        Reference = "DSR-2026-7K3QX9PM",
        Right = Right.Erasure,
        ReceivedOn = new(2026, 3, 2),
        DueOn = new(2026, 4, 2),
        Texts = LetterSet.BuiltIn.In("en"),
        RecipientName = "Ada <b>Lind</b>",
        StatusPage = new("https://example.org/status"),
    };

    [Test]
    public void Write_EveryGround_GivesReasonsComplaintAndRemedy([Values] RefusalGround ground)
    {
        var letter = RefusalLetter.Write(Context, ground, "The facts of this case.");
        using var _ = Assert.EnterMultipleScope();
        foreach (var text in (string[])[letter.Text, letter.Html!])
            Assert.That(text, Does.Contain("The facts of this case.").And.Contain("The Authority").And.Contain("https://authority.example")
                .And.Contain("judicial remedy").And.Contain("dpo@example.org").And.Contain("DSR-2026-7K3QX9PM").And.Contain("2 March 2026"));
        Assert.That(letter.Subject, Does.Not.Contain("Ada"));
    }

    [Test]
    public void Write_Grounds_EachInItsOwnWords() =>
        Assert.That(Enum.GetValues<RefusalGround>().Select(ground => RefusalLetter.Write(Context, ground, "Facts.").Text), Is.Unique);

    [Test]
    public void Write_MarkupInWordsOfPeople_StaysText()
    {
        var letter = RefusalLetter.Write(Context, RefusalGround.Exempt, "<script>alert(1)</script>");
        Assert.That(letter.Html, Does.Not.Contain("<script>").And.Not.Contain("<b>").And.Contain("&lt;script&gt;"));
        Assert.That(letter.Text, Does.Contain("<script>alert(1)</script>"));
    }
}
