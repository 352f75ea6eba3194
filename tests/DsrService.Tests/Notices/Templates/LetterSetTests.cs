using DsrService.Notices.Letters;
using DsrService.Notices.Templates;

namespace DsrService.Tests.Notices.Templates;

/// <summary>A company's letters: what is wrong is found on reading, with file, line and reason.</summary>
internal sealed class LetterSetTests
{
    [Test]
    public void Read_ProgramsOwn_HasEveryMessageInFiveLanguages() =>
        Assert.That(LetterSet.Read(TextFiles.BuiltIn).Set!.Languages, Is.EquivalentTo(new[] { "de", "en", "es", "fr", "sv" }));

    [Test]
    public void Read_CompanysOwnWording_ReplacesTheProgramsFileAlone()
    {
        var (set, errors) = Read(("sv/withdrawal.hbs", "Subject: Ångrat ({{reference}})\n{{> _greeting}}\n\nHälsningar från {{controller}}, {{contact}}\n\n---\n{{reference}}\n"));

        Assert.That(errors, Is.Empty);
        Assert.That(LetterSamples.Write(LetterMessage.Withdrawal, set!, "sv", false)[0].Text, Is.EqualTo("Hej Ada Lind,\n\nHälsningar från Muster AB, privacy@muster.example\n\n-- \nDSR-2026-7K3QX9PM\n"));
        Assert.That(LetterSamples.Write(LetterMessage.Erasure, set!, "sv", false)[0].Subject, Does.StartWith("Dina uppgifter är raderade"));
    }

    [TestCase("en/late.hbs", "Subject: Late {{reference}}\n\n{{controller}}\n{{recievedOn}}\n", 4, "nothing fills 'recievedOn' here; known are")]
    [TestCase("en/late.hbs", "Subject: Late {{number}}\n", 1, "nothing fills 'number'")]
    [TestCase("en/late.hbs", "Subject: Late\n{{{controller}}}\n", 2, "is no form that letters know")]
    [TestCase("en/late.hbs", "Subject: Late\n{{&controller}}\n", 2, "is no form that letters know")]
    [TestCase("en/late.hbs", "Subject: Late\n{{lookup this 'x'}}\n", 2, "is no form that letters know")]
    [TestCase("en/late.hbs", "Subject: Late\n\n{{#if name}}\nx\n", 3, "'{{#if}}' is not closed")]
    [TestCase("en/late.hbs", "Subject: Late\n{{#if name}}\nx\n{{/each}}\n", 4, "'{{/each}}' closes nothing that is open")]
    [TestCase("en/late.hbs", "Subject: Late\n{{else}}\n", 2, "stands in no block")]
    [TestCase("en/late.hbs", "Subject: Late\nx {{contact\n", 2, "'{{' is not closed")]
    [TestCase("en/late.hbs", "Subject: Late\n{{#each contact}}{{this}}{{/each}}\n", 2, "'contact' is no list")]
    [TestCase("en/late.hbs", "Subject: Late\n{{uk}}\n", 2, "'uk' is a yes or no and no text")]
    [TestCase("en/recipients-list.hbs", "Subject: List\n{{recipients}}\n", 2, "'recipients' is a list")]
    [TestCase("en/recipients-list.hbs", "Subject: List\n{{#each recipients}}\n{{contact}}\n{{/each}}\n", 3, "nothing fills 'contact' here; known are name, toldOn")]
    [TestCase("en/late.hbs", "Subject: Late\n{{../contact}}\n", 2, "leads out of the message")]
    [TestCase("en/late.hbs", "Subject: Late\n\n\n{{> _nowhere}}\n", 4, "there is no part '_nowhere'")]
    [TestCase("en/_foot.hbs", "{{controller}}\n{{> _foot}}\n", 2, "the part '_foot' includes itself")]
    [TestCase("en/_foot.hbs", "a\nb\n{{extendedTo}}\n", 3, "nothing fills 'extendedTo'")]
    [TestCase("en/late.hbs", "Dear you\n", 1, "the first line must be 'Subject:'")]
    [TestCase("en/late.hbs", "Subject: Late\n\u0007\n", 2, "control characters")]
    [TestCase("en/late.hbs", "Subject: Late\n{{controller}} {{contact}} {{reference}} {{dueOn}} {{expectedOn}} {{> _remedies}}\n", 1, "the message must hold 'cause' (Art. 12(3))")]
    [TestCase("fr/refusal.hbs", "Subject: Non\n{{controller}} {{contact}} {{reference}} {{ground}} {{explanation}}\n", 1, "the message must hold 'authority' (Art. 12(4))")]
    [TestCase("en/lste.hbs", "Subject: x\n", 1, "this is no message; known are")]
    [TestCase("en/late.txt", "Subject: x\n", 1, "this is no message; known are")]
    [TestCase("late.hbs", "Subject: x\n", 1, "only authorities.yaml stands outside")]
    [TestCase("english/late.hbs", "Subject: x\n", 1, "'english' is no language")]
    [TestCase("nl/late.hbs", "Subject: x\n", 1, "this message is missing in this language", "nl/access.hbs")]
    [TestCase("nl/late.hbs", "Subject: x\n", 1, "the words of this language are missing", "nl/words.yaml")]
    [TestCase("sv/words.yaml", "date: \"{day} {month} {year}\"\n", 1, "'firstDay' is missing")]
    [TestCase("sv/words.yaml", "date: \"{day} {mnth} {year}\"\n", 1, "nothing fills '{mnth}' in 'date'")]
    [TestCase("sv/words.yaml", "date: \"{day} {year}\"\n", 1, "'date' must hold '{month}'")]
    [TestCase("sv/words.yaml", "gdpr: GDPR\nfavourite: x\n", 2, "unknown name 'favourite'")]
    [TestCase("sv/words.yaml", "gdpr: [\n", 2, "this is not YAML")]
    [TestCase("authorities.yaml", "GB: { name: ICO, web: \"https://ico.org.uk\" }\nSE: { name: IMY }\n", 2, "'web' is missing")]
    [TestCase("authorities.yaml", "GB: { name: ICO, web: \"http://ico.org.uk\" }\n", 1, "an address that begins with https://")]
    [TestCase("authorities.yaml", "SE: { name: IMY, web: \"https://www.imy.se\" }\n", 1, "'GB' is missing")]
    [TestCase("authorities.yaml", "GB: { name: { sv: ICO }, web: \"https://ico.org.uk\" }\n", 1, "has no English text (en)")]
    public void Read_Wrong_IsRefusedWithFileLineAndReason(string file, string text, int line, string reason, string? blamed = null)
    {
        var (set, errors) = Read((file, text));

        Assert.That(set, Is.Null);
        Assert.That(errors.Select(error => error.ToString()), Has.Some.StartsWith($"{blamed ?? file}:{line}: ").And.Contains(reason));
    }

    [Test]
    public void Read_CompanysOwnReasons_AreKnown()
    {
        var words = TextFiles.BuiltIn["sv/words.yaml"].Replace("reasons:\n", "reasons:\n  vendor-hold: Leverantören granskar ärendet.\n", StringComparison.Ordinal);

        Assert.That(Read(("sv/words.yaml", words)).Set!.In("sv").Words(false).Reason("vendor-hold"), Is.EqualTo("Leverantören granskar ärendet."));
    }

    [Test]
    public void Read_WholeNewLanguage_IsTaken()
    {
        var swedish = TextFiles.BuiltIn.Where(file => file.Key.StartsWith("sv/", StringComparison.Ordinal)).Select(file => ("da/" + file.Key[3..], file.Value)).ToArray();

        Assert.That(Read(swedish).Set!.Knows("da"), Is.True);
    }

    private static (LetterSet? Set, IReadOnlyList<TextError> Errors) Read(params (string File, string Text)[] files) =>
        LetterSet.Read(TextFiles.Over(files.ToDictionary(file => file.File, file => file.Text)));
}
