using System.Text.Json;
using DsrService.Notices.Templates;
using DsrService.Requests;

namespace DsrService.Tests.Requests;

internal sealed class PersonalTimelineTests
{
    [TestCase("en", "We need more time, until 2 June 2026. We wrote to you why.")]
    [TestCase("sv", "Vi behöver mer tid, till den 2 juni 2026. Vi skrev till dig om varför.")]
    [TestCase("de", "Wir brauchen mehr Zeit, bis zum 2. Juni 2026. Den Grund haben wir Ihnen geschrieben.")]
    [TestCase("fr", "Il nous faut plus de temps, jusqu’au 2 juin 2026. Nous vous avons écrit pourquoi.")]
    [TestCase("es", "Necesitamos más tiempo, hasta el 2 de junio de 2026. Le escribimos el motivo.")]
    public void TextFor_Extension_SaysUntilWhenInThePersonsLanguage(string language, string text) =>
        Assert.That(Text("deadline.extended", """{ "extendedTo": "2026-06-02", "ground": "complexity" }""", language), Is.EqualTo(text));

    [Test]
    public void TextFor_MailToSomebodyElseFailed_SaysNothingToThePerson()
    {
        Assert.That(Text("notice.failed", """{ "kind": "answer" }"""), Is.EqualTo("A message to you could not be delivered."));
        Assert.That(Text("notice.failed", """{ "kind": "recipient-notice" }"""), Is.Null);
        Assert.That(Text("notice.failed", """{ "kind": "deadline-warning" }"""), Is.Null);
        Assert.That(Text("letter.written", """{ "kind": "published-data" }"""), Is.Null);
    }

    [Test]
    public void TextFor_EventThatConcernsStaffAlone_IsLeftOut() =>
        Assert.That(Text("request.assigned", "{}"), Is.Null);

    private static string? Text(string @event, string facts, string language = "en") =>
        PersonalTimeline.TextFor(@event, JsonSerializer.Deserialize<JsonElement>(facts), LetterSet.BuiltIn.In(language).Words(underUkLaw: false));
}
