using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Requests;

namespace DsrService.Tests.DataMap;

internal sealed class DataMapReaderTests
{
    [Test]
    public void Read_Toontrack_HasNoErrors()
    {
        var reading = DataMapReader.Read(TestMaps.ToontrackText, "toontrack.yaml");

        Assert.That(reading.Errors, Is.Empty);
        Assert.That(reading.Map!.Controller.Rights, Is.EquivalentTo(Enum.GetValues<Right>()));
        Assert.That(reading.Map.Systems.Select(system => (system.Key, system.Binding)), Is.EqualTo(new[]
        {
            ("webshop", Binding.Bus), ("product-registration", Binding.Sql), ("support-forum", Binding.Bus), ("customer-survey", Binding.Http),
            ("service-log", Binding.Sql), ("newsletter", Binding.Opendsr), ("remarketing-partner", Binding.Opendsr),
            ("fulfilment-vendor", Binding.Manual), ("address-updates", Binding.Manual),
        }));
    }

    [Test]
    public void Read_Small_ReadsEveryField()
    {
        var map = DataMapReader.Read(TestMaps.Small, "acme.yaml").Map!;

        Assert.Multiple(() =>
        {
            Assert.That(map.Controller.Name, Is.EqualTo("Acme AB"));
            Assert.That(map.Controller.FinancialYearEnd, Is.EqualTo(new MonthDay(12, 31)));
            Assert.That(map.System("shop").Gives, Is.EqualTo(new[] { "number" }));
            Assert.That(map.Activities[0].LegalBasis, Is.EqualTo(LegalBasis.Contract));
            Assert.That(map.Activities[0].Retention.Period, Is.EqualTo(new Period(1, 0, 0)));
            Assert.That(map.CategoriesAt("stock").Select(category => category.Key), Is.EqualTo(new[] { "orders" }));
            Assert.That(map.Recipient("carrier").InThirdCountry, Is.False);
        });
    }

    // Each case: the text replaced in the small map, the replacement, and what the error must say.
    [TestCase("system: stock", "system: stack", "activity 'send': unknown system 'stack'.")]
    [TestCase("categories: [orders]", "categories: [order]", "activity 'send': unknown data category 'order'.")]
    [TestCase("recipients: [carrier]", "recipients: [courier]", "activity 'sell': unknown recipient 'courier'.")]
    [TestCase("needs: [number]", "needs: [phone]", "system 'stock': unknown identifier kind 'phone'.")]
    [TestCase("needs: [email], gives: [number]", "needs: [email], gives: [phone]", "system 'shop': unknown identifier kind 'phone'.")]
    [TestCase("rights: [access, erasure]", "rights: [access, deletion]", "controller: 'rights' does not know 'deletion'; it must be one of access, rectification, erasure, restriction, objection, portability.")]
    [TestCase("timeZone: Europe/Stockholm", "timeZone: Europe/Lund", "controller: unknown time zone 'Europe/Lund'; an IANA name such as Europe/Stockholm is expected.")]
    [TestCase("key: acme", "key: desk", "controller: 'desk' is reserved: the service has pages of its own there.")]
    [TestCase("key: acme", "key: Acme", "controller: 'key' must be lower case letters, digits and single hyphens, at most 50: 'Acme'.")]
    [TestCase("calendar: SE", "calendar: XX", "controller: unknown holiday calendar 'XX'")]
    [TestCase("contact: privacy@acme.example", "contact: privacy", "controller: 'contact' must be an e-mail address.")]
    [TestCase("key: orders, label", "key: account, label", "data category 'account': the key is used twice; first on line 16.")]
    [TestCase("  name: Acme AB\n", "  nome: Acme AB\n", "controller: unknown field 'nome'")]
    [TestCase("  name: Acme AB\n", "", "controller: 'name' is missing.")]
    [TestCase("name: Carrier AB, ", "", "recipient 'carrier': 'name' is missing.")]
    [TestCase("country: SE, contact", "country: US, contact", "recipient 'carrier': 'safeguard' is missing: the country is outside the EEA")]
    [TestCase(", contact: dsr@carrier.example", "", "recipient 'carrier': no connected system reaches it, so it needs a 'contact'.")]
    [TestCase("    recipients: [carrier]\n", "", "recipient 'carrier': no activity discloses anything to it.")]
    [TestCase("needs: [email], gives: [number]", "needs: [email]", "system 'stock': nothing leads to it: no system gives number and the form does not ask for it.")]
    [TestCase("actions: [access, erase] }", "actions: [access, destroy] }", "system 'stock': 'actions' does not know 'destroy'")]
    [TestCase("actions: [access, erase] }", "actions: [access] }", "system 'stock': erasure is offered, but the system can do none of: erase, notify.")]
    [TestCase("actions: [access, erase] }", "actions: [access, preserve] }", "system 'stock': preserve without release would never end")]
    [TestCase("actions: [access, erase] }", "actions: [access, erase], askedAgain: true }", "system 'stock': 'askedAgain: true' goes with the action verify")]
    [TestCase("actions: [access, erase] }", "actions: [access, erase], preview: maybe }", "system 'stock': 'preview' must be true or false.")]
    [TestCase("actions: [locate, access, erase]", "actions: [access, erase]", "system 'shop': a system that gives identifiers must be able to locate")]
    [TestCase("web: https://www.imy.se", "web: imy", "controller: supervisory authority: 'web' must be an absolute address.")]
    public void Read_OneMistake_NamesItAndItsLine(string find, string replacement, string expected)
    {
        var text = ReplaceOnce(TestMaps.Small, find, replacement);

        var reading = DataMapReader.Read(text, "acme.yaml");

        Assert.That(reading.Map, Is.Null);
        var error = reading.Errors.FirstOrDefault(error => error.Message.StartsWith(expected, StringComparison.Ordinal));
        Assert.That(error, Is.Not.Null, string.Join('\n', reading.Errors));
        Assert.That(error!.File, Is.EqualTo("acme.yaml"));
        Assert.That(error.Line, Is.GreaterThan(0));
        if (replacement.Length > 0)
            Assert.That(text.Split('\n')[error.Line - 1], Does.Contain(replacement.Split(' ', ',')[0].Trim()).Or.Contains("key:").Or.Contains("- {"));
    }

    [TestCase("    legalBasis: contract\n", "", "activity 'sell': 'legalBasis' is missing.")]
    [TestCase("legalBasis: contract", "legalBasis: legal-obligation", "activity 'sell': 'obligation' names the law, and goes with 'legalBasis: legal-obligation' only.")]
    [TestCase("legalBasis: contract", "legalBasis: legal-obligation", "activity 'sell': a request for erasure does not end a legal obligation (Art. 17(3)(b)).")]
    [TestCase("{ period: P1Y, from: recorded }", "{ period: P1Y }", "activity 'sell', retention: 'from' is missing.")]
    [TestCase("{ period: P1Y, from: recorded }", "{ from: recorded }", "activity 'sell', retention: 'period' is missing.")]
    [TestCase("{ period: P1Y, from: recorded }", "{ period: 1 year, from: recorded }", "activity 'sell', retention: 'period' must be a period such as P7Y, P18M or P30D.")]
    [TestCase("{ period: P1Y, from: recorded }", "{ period: P1Y, from: event }", "activity 'sell', retention: 'event' goes with 'from: event'")]
    [TestCase("endsOnErasure: true", "endsOnErasure: false", "activity 'sell': 'necessaryReason' goes with 'endsOnErasure: false'")]
    [TestCase("    endsOnErasure: true\n", "", "activity 'sell': 'endsOnErasure' is missing.")]
    [TestCase("source: provided", "source: third-party", "activity 'sell': 'sourceName' is missing: the person must be told where the data came from")]
    [TestCase("reading: policy", "reading: ours", "activity 'sell': 'readingNote' is missing: say why we read it so.")]
    [TestCase("categories: [account]", "categories: []", "activity 'sell': 'categories' must name at least one data category.")]
    [TestCase("categories: [account]", "categories: [account, account]", "activity 'sell': 'categories' names 'account' twice.")]
    public void Read_MistakenActivity_NamesIt(string find, string replacement, string expected)
    {
        var reading = DataMapReader.Read(ReplaceOnce(TestMaps.Small, find, replacement), "acme.yaml");

        Assert.That(reading.Map, Is.Null);
        Assert.That(reading.Errors.Select(error => error.Message), Has.Some.StartsWith(expected), string.Join('\n', reading.Errors));
    }

    [Test]
    public void Read_SystemWithoutActivityAndCategoryWithoutSystem_NamesBoth()
    {
        var text = TestMaps.Small[..TestMaps.Small.IndexOf("  - key: send", StringComparison.Ordinal)];

        var reading = DataMapReader.Read(text, "acme.yaml");

        Assert.That(reading.Errors.Select(error => error.Message), Is.EqualTo(new[]
        {
            "data category 'orders': no activity holds it, so no system covers it.",
            "system 'stock': no activity uses it, so no task would ever reach it.",
        }));
    }

    [Test]
    public void Read_IdentifiersInACircle_NamesTheChain()
    {
        var text = ReplaceOnce(
            ReplaceOnce(TestMaps.Small, "needs: [number], actions: [access, erase]", "needs: [number], gives: [key], actions: [locate, access, erase]"),
            "needs: [email], gives", "needs: [email, key], gives");
        text = ReplaceOnce(text, "  - { key: number, label: Number }", "  - { key: number, label: Number }\n  - { key: key, label: Key }");

        var reading = DataMapReader.Read(text, "acme.yaml");

        Assert.That(reading.Map, Is.Null);
        Assert.That(reading.Errors.Single().Message, Is.EqualTo(
            "system 'shop': identifiers go round in a circle: shop gives number to stock, stock gives key to shop."));
    }

    [Test]
    public void Read_SeveralMistakes_FindsAllInOrderOfLine()
    {
        var text = TestMaps.Small.Replace("country: SE\n", "country: Sweden\n", StringComparison.Ordinal)
            .Replace("system: stock", "system: stack", StringComparison.Ordinal)
            .Replace("format: email", "format: mail", StringComparison.Ordinal);

        var errors = DataMapReader.Read(text, "acme.yaml").Errors;

        Assert.That(errors.Select(error => error.Line), Is.Ordered);
        Assert.That(errors, Has.Count.EqualTo(3), string.Join('\n', errors));
    }

    [TestCase("")]
    [TestCase("- a\n- b")]
    [TestCase("just words")]
    [TestCase("a: [1, 2")]
    [TestCase("a: 1\na: 2")]
    [TestCase("a: 1\n---\nb: 2")]
    [TestCase("controller: 5\nidentifiers: x\ncategories: {}\nsystems: [1]\nactivities: []")]
    public void Read_SomethingElse_SaysSo(string text)
    {
        var reading = DataMapReader.Read(text, "other.yaml");

        Assert.That(reading.Map, Is.Null);
        Assert.That(reading.Errors, Is.Not.Empty);
    }

    [Test]
    public void Read_SpecialCategoryWithoutCondition_IsAnError()
    {
        var text = ReplaceOnce(TestMaps.Small, "label: Account }", "label: Account, special: true }");

        var reading = DataMapReader.Read(text, "acme.yaml");

        Assert.That(reading.Errors.Single().Message, Is.EqualTo(
            "activity 'sell': 'account' is a special category: 'specialCondition' (Art. 9(2)) is missing."));
    }

    private static string ReplaceOnce(string text, string find, string replacement)
    {
        var at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), $"the test looks for '{find}'");
        return text[..at] + replacement + text[(at + find.Length)..];
    }
}
