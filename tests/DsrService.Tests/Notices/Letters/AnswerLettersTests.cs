using System.Text.RegularExpressions;
using DsrService.Applicability.Rules;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Letters;
using DsrService.Requests;

namespace DsrService.Tests.Notices.Letters;

/// <summary>Each letter holds what the Regulation wants in it.</summary>
internal sealed partial class AnswerLettersTests
{
    [Test]
    public void Write_AnyAnswer_NamesControllerRequestAndRemediesInTextAndHtml([Values] Right right)
    {
        var plan = Answers.Plan(right, input => input with { CorrectionFields = ["name"], RestrictionGround = RestrictionGround.AccuracyContested });
        var letter = Answers.Letter(plan, []);

        foreach (var version in new[] { letter.Text, letter.Html! })
            Assert.Multiple(() =>
            {
                Assert.That(version, Does.Contain("Toontrack Music AB"));
                Assert.That(version, Does.Contain("privacy@toontrack.com"));
                Assert.That(version, Does.Contain("dpo@toontrack.example"));
                Assert.That(version, Does.Contain("DSR-2026-7K3QX9PM"));
                Assert.That(version, Does.Contain("2 November 2026"));
                Assert.That(version, Does.Contain($"(Article {Article(right)} GDPR)"));
                Assert.That(version, Does.Contain("Integritetsskyddsmyndigheten (IMY)").And.Contains("https://www.imy.se"));
                Assert.That(version, Does.Contain("judicial remedy"));
            });
        Assert.That(letter.Html, Does.Not.Contain("<b>Lind"), "what people typed is text");
        Assert.That(letter.Subject, Does.EndWith("(DSR-2026-7K3QX9PM)"));
        Assert.That(letter.Subject, Does.Not.Contain("\n"));
    }

    [Test]
    public void Write_TextAndHtml_SayTheSame([Values] Right right)
    {
        var letter = Answers.Letter(Full(right, out var results), results, "Thank you for waiting.");

        Assert.That(Words(System.Net.WebUtility.HtmlDecode(Tags().Replace(BodyOf(letter.Html!), " "))), Is.EqualTo(Words(letter.Text)));
    }

    [Test]
    public void Write_ErasureInPart_HoldsWhatM7AndM11Want()
    {
        var text = Answers.Letter(Full(Right.Erasure, out var results), results, "We wish you well.").Text;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("We have erased your data but for what is named below with its reason. The last of it was erased on 22 November 2026."));
            Assert.That(text, Does.Contain("What was erased\n\n- Customer account\n- Postal address\n"));
            Assert.That(text, Does.Contain("What was made anonymous").And.Contains("- Support forum posts\n"));
            Assert.That(text, Does.Contain("- Order history, Invoices: A law requires us to keep it (Article 17(3)(b) GDPR)."));
            Assert.That(text, Does.Contain("Law: Bookkeeping Act (bokföringslag 1999:1078), chapter 7, section 2. Kept until 31 December 2032 at the latest."));
            Assert.That(text, Does.Contain("We use what we keep for nothing but the reason given"));
            Assert.That(text, Does.Contain("if one is restored we erase the data again").And.Contains("- Webshop: 27 December 2026"));
            Assert.That(text, Does.Contain("suppression list"));
            Assert.That(text, Does.Contain("(Article 19 GDPR)").And.Contains("- Lagerhuset Norr AB (invented), on 21 November 2026"));
            Assert.That(text, Does.Contain("We wish you well."));
        });
    }

    [Test]
    public void Write_ErasureOfNothing_SaysSoAndByWhatWasLooked()
    {
        var plan = Answers.Plan(Right.Erasure);
        var text = Answers.Letter(plan, Answers.Results(plan, (_, scope) => new() { Category = scope.Category })).Text;

        Assert.That(text, Does.Contain("We hold no personal data about you, but for what you sent us with this request."));
        Assert.That(text, Does.Contain("We looked by: E-mail address, Customer number."));
        Assert.That(text, Does.Not.Contain("What was erased").And.Not.Contain("Backups"));
    }

    [Test]
    public void Write_ErasureHeldBack_GivesTheReasonForEachCategory()
    {
        var plan = Answers.Plan(Right.Erasure, input => input with { Hold = LegalHold.Litigation });
        var text = Answers.Letter(plan, Answers.Results(plan, (_, scope) => new() { Category = scope.Category, Found = 1, Retained = 1, Reason = scope.Reason })).Text;

        Assert.That(text, Does.Contain("We hold data about you that we may not or cannot erase"));
        Assert.That(text, Does.Contain("- Customer account, Postal address, Order history, Invoices, IP addresses of sign-ins, Serial numbers, Hardware identifiers, Computer names, Support forum account, Support forum posts, Private messages, Survey invitations, Previous orders in surveys, Service log, Newsletter subscription, Shipments, Change-of-address notices: It is needed for legal claims (Article 17(3)(e) GDPR). Kept until that reason ends."));
    }

    [Test]
    public void Write_Access_HoldsTheInformationOfArticle15()
    {
        var text = Answers.Letter(Full(Right.Access, out var results), results).Text;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("Yes, we process personal data about you."), "confirmation");
            Assert.That(text, Does.Contain("download a copy"), "(3)");
            Assert.That(text, Does.Contain("To improve and develop our service by customer surveys"), "(a)");
            Assert.That(text, Does.Contain("Legal basis: A legal obligation: Bookkeeping Act"));
            Assert.That(text, Does.Contain("Categories: Order history, Invoices"), "(b)");
            Assert.That(text, Does.Contain("- Lagerhuset Norr AB (invented): ").And.Contains("Sweden"), "(c)");
            Assert.That(text, Does.Contain("How long it is kept: 30 days after it was recorded"), "(d)");
            Assert.That(text, Does.Contain("rectify or erase this data or to restrict its processing, and you may object"), "(e)");
            Assert.That(text, Does.Contain("complaint with a supervisory authority"), "(f)");
            Assert.That(text, Does.Contain("Where it comes from: Postal services, which send notices of changed addresses"), "(g)");
            Assert.That(text, Does.Contain("We make no decisions about you by automated means alone"), "(h)");
            Assert.That(text, Does.Contain("- Private messages: Other people's data stood in it and was blacked out (Article 15(4) GDPR)."));
        });
    }

    [Test]
    public void Write_AccessWithoutData_ConfirmsThatThereIsNone()
    {
        var plan = Answers.Plan(Right.Access);
        var letter = Answers.Letter(plan, Answers.Results(plan, (_, scope) => new() { Category = scope.Category }));

        Assert.That(letter.Text, Does.Contain("We process no personal data about you, but for what you sent us with this request"));
        Assert.That(letter.Text, Does.Contain("We looked by: E-mail address"));
        Assert.That(letter.Subject, Does.StartWith("Your data: we hold none"));
    }

    [Test]
    public void Write_Portability_SaysInWhatFormAndWhatIsLeftOut()
    {
        var text = Answers.Letter(Full(Right.Portability, out var results), results).Text;

        Assert.That(text, Does.Contain("JSON and as CSV").And.Contains("description.json"));
        Assert.That(text, Does.Contain("- Invoices, Survey invitations, Previous orders in surveys, Newsletter subscription, Advertising cookie identifiers, Change-of-address notices: It is processed neither on your consent nor on a contract with you"));
        Assert.That(text, Does.Contain("Data that we derived ourselves is not part of it; you can have it by a request for access"));
    }

    [Test]
    public void Write_Rectification_SaysWhatChangedWhereTheOldValueStaysAndWhoWasTold()
    {
        var plan = Answers.Plan(Right.Rectification, input => input with { CorrectionFields = ["postal-address", "name"] });
        var text = Answers.Letter(plan, Answers.Results(plan, (_, scope) => new() { Category = scope.Category, Found = 1, Rectified = 1 })).Text;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("What was corrected or completed\n\n- Name\n- Postal address\n"));
            Assert.That(text, Does.Contain("Where the former value stays").And.Contains("- Invoices (Bookkeeping Act"));
            Assert.That(text, Does.Contain("- Lagerhuset Norr AB (invented), on 21 November 2026"));
        });
    }

    [Test]
    public void Write_RectificationDenied_GivesTheReason()
    {
        var plan = Answers.Plan(Right.Rectification, input => input with
        {
            CorrectionFields = ["email"],
            Answers = new Dictionary<string, QuestionAnswer> { ["16-review:email"] = QuestionAnswer.Deny },
        });
        var text = Answers.Letter(plan, []).Text;

        Assert.That(text, Does.Contain("We have not changed your data").And.Contains("found them accurate (Article 16 GDPR)"));
    }

    [Test]
    public void Write_Restriction_SaysSinceWhenWhyAndWhatMayStillHappen()
    {
        var text = Answers.Letter(Full(Right.Restriction, out var results), results).Text;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("We have restricted the processing of your data since 22 November 2026."));
            Assert.That(text, Does.Contain("You contest that it is accurate, and we are checking it (Article 18(1)(a) GDPR)."));
            Assert.That(text, Does.Contain("(Article 18(2) GDPR)"));
            Assert.That(text, Does.Contain("We will tell you before we lift the restriction (Article 18(3) GDPR)."));
            Assert.That(text, Does.Contain("of its restriction (Article 19 GDPR)"));
        });
    }

    [Test]
    public void Write_ObjectionToMarketing_SaysWhatStoppedAndWhatGoesOn()
    {
        var plan = Answers.Plan(Right.Objection, input => input with { ObjectionPurpose = ObjectionRules.DirectMarketing });
        var text = Answers.Letter(plan, Answers.Results(plan, (_, scope) => new() { Category = scope.Category, Found = 1, Stopped = 1 })).Text;

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("We have stopped what you objected to, on 22 November 2026."));
            Assert.That(text, Does.Contain("- To send you news, product recommendations and special offers by e-mail"));
            Assert.That(text, Does.Contain("suppression list").And.Contains("no marketing; they go on"));
            Assert.That(text, Does.Not.Contain("Article 19"), "recipients are not told of objections");
        });
    }

    [Test]
    public void Write_ObjectionRefused_GivesTheGroundsThatOverride()
    {
        var plan = Answers.Plan(Right.Objection, input => input with
        {
            ObjectionPurpose = "address-upkeep",
            Answers = new Dictionary<string, QuestionAnswer> { ["21-1-weigh:address-upkeep"] = QuestionAnswer.Deny },
        });
        var letter = Answers.Letter(plan, [], "Returned parcels cost us and you time, and the notice holds nothing but your new address.");

        Assert.That(letter.Text, Does.Contain("We found compelling legitimate grounds that override your interests (Article 21(1) GDPR)."));
        Assert.That(letter.Text, Does.Contain("Returned parcels"));
        Assert.That(letter.Subject, Does.StartWith("Your objection"));
    }

    [TestCase("sv", "tillgång", "Kundkonto", "Rättslig grund: En rättslig förpliktelse", "30 dagar efter att uppgiften registrerades")]
    [TestCase("de", "Auskunft", "Kundenkonto", "Rechtsgrundlage: Eine rechtliche Verpflichtung", "30 Tage nach der Erfassung")]
    [TestCase("fr", "accès", "Compte client", "Base juridique\u00A0: Une obligation légale", "30 jours après l’enregistrement")]
    [TestCase("es", "acceso", "Cuenta de cliente", "Base jurídica: Una obligación legal", "30 días desde su registro")]
    public void Write_AccessInAnotherLanguage_SpeaksItThroughout(string language, string right, string category, string basis, string storage)
    {
        var text = Answers.Letter(Full(Right.Access, out var results), results, language: language).Text;

        Assert.That(text, Does.Contain(right).And.Contains(category).And.Contains(basis).And.Contains(storage));
        // The law's reference and the recipients' names are written once, in the map's own language.
        Assert.That(Regex.Matches(text.Replace("Bookkeeping Act (bokföringslag 1999:1078), chapter 7, section 2", "", StringComparison.Ordinal).Replace("(invented)", "", StringComparison.Ordinal),
            @"\b(the|and|your|you|our|with|which|because|until|after|address|number|history)\b", RegexOptions.IgnoreCase).Select(match => match.Value), Is.Empty, text);
    }

    [TestCase("sv", "31 december 2032", "Lagerhuset Norr AB (invented), den 21 november 2026")]
    [TestCase("de", "31. Dezember 2032", "Lagerhuset Norr AB (invented), am 21. November 2026")]
    [TestCase("fr", "31 décembre 2032", "Lagerhuset Norr AB (invented), le 21 novembre 2026")]
    [TestCase("es", "31 de diciembre de 2032", "Lagerhuset Norr AB (invented), el 21 de noviembre de 2026")]
    public void Write_ErasureInAnotherLanguage_NamesWhatIsKeptWithItsDay(string language, string until, string told)
    {
        var text = Answers.Letter(Full(Right.Erasure, out var results), results, language: language).Text;

        Assert.That(text, Does.Contain(until).And.Contains(told).And.Contains("1999:1078"));
    }

    private static RequestPlan Full(Right right, out List<StepResult> results)
    {
        var plan = Answers.Plan(right, input => input with { CorrectionFields = ["name"], RestrictionGround = RestrictionGround.AccuracyContested });
        results = Answers.Results(plan, (_, scope) => right switch
        {
            Right.Erasure => Answers.Erased(scope),
            Right.Rectification => new() { Category = scope.Category, Found = 1, Rectified = 1 },
            Right.Restriction => new() { Category = scope.Category, Found = 1, Restricted = 1 },
            Right.Objection => new() { Category = scope.Category, Found = 1, Stopped = 1 },
            _ => new() { Category = scope.Category, Found = 1, Handed = 1 },
        });
        return plan;
    }

    private static int Article(Right right) => right switch
    {
        Right.Access => 15,
        Right.Rectification => 16,
        Right.Erasure => 17,
        Right.Restriction => 18,
        Right.Portability => 20,
        _ => 21,
    };

    private static string BodyOf(string html) => html[html.IndexOf("<body>", StringComparison.Ordinal)..];

    private static string Words(string text) => string.Join(' ', text.Split([' ', '\n', '-'], StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
