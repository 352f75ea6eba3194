using DsrService.DataMap;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;
using DsrService.Requests;

namespace DsrService.Tests.Notices.Letters;

/// <summary>Which law and which authority a letter names.</summary>
internal sealed class LetterContextTests
{
    [TestCase(null, LawProfile.Eu, "https://www.imy.se", null, false)]
    [TestCase("SE", LawProfile.Eu, "https://www.imy.se", null, false)]
    [TestCase("FR", LawProfile.Eu, "https://www.cnil.fr", "https://www.imy.se", false)]
    [TestCase("DE", LawProfile.Eu, "https://www.bfdi.bund.de", "https://www.imy.se", false)]
    [TestCase("JP", LawProfile.Eu, "https://www.imy.se", null, false)]
    [TestCase("GB", LawProfile.Eu, "https://ico.org.uk", "https://www.imy.se", true)]
    [TestCase("FR", LawProfile.Uk, "https://ico.org.uk", "https://www.imy.se", true)]
    public void For_CountryAndProfile_NamesTheAuthority(string? country, LawProfile profile, string web, string? other, bool uk)
    {
        var context = LetterContext.For(Request(country), "Ada", Answers.Map.Controller with { Profile = profile }, "https://dsr.example/", LetterSet.BuiltIn);

        Assert.That((context.AuthorityWeb, context.OtherAuthorityWeb, context.Uk), Is.EqualTo((web, other, uk)));
    }

    [Test]
    public void For_LanguageWithoutLetters_FallsBackToEnglish() =>
        Assert.That(LetterContext.For(Request("FI", "fi"), null, Answers.Map.Controller, "https://dsr.example", LetterSet.BuiltIn).Words.Language, Is.EqualTo("en"));

    private static DataSubjectRequest Request(string? country, string language = "en") => new()
    {
        Id = Guid.CreateVersion7(),
        Reference = "DSR-2026-7K3QX9PM",
        Submission = Guid.CreateVersion7(),
        Controller = "toontrack",
        DataMapVersion = Guid.CreateVersion7(),
        Right = Right.Erasure,
        Language = language,
        Country = country,
        Channel = Channel.Web,
        ReceivedAt = Answers.Done,
        ReceivedOn = new(2026, 11, 2),
        DueOn = new(2026, 12, 2),
        DueEndAt = Answers.Done,
        InternalTarget = new(2026, 12, 2),
        Intake = [],
        DataKey = [],
        DataKeyId = "k",
    };
}
