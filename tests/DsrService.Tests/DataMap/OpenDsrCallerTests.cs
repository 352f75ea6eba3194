using DsrService.DataMap;

namespace DsrService.Tests.DataMap;

[Parallelizable(ParallelScope.All)]
internal sealed class OpenDsrCallerTests
{
    private const string Right = """
        key: platform
        name: Platform
        domain: privacy.platform.example
        vouches: true
        contact: requests@platform.example
        identities: [{ type: email, kind: email }, { type: controller_customer_id, kind: customer-number }]
        """;

    [Test]
    public void Read_Right_HasEveryField()
    {
        var (caller, errors) = Read(Right);

        Assert.That(errors, Is.Empty);
        Assert.That((caller.Key, caller.Domain, caller.Vouches, caller.Contact), Is.EqualTo(("platform", "privacy.platform.example", true, "requests@platform.example")));
        Assert.That(caller.Identities["controller_customer_id"], Is.EqualTo("customer-number"));
    }

    [TestCase("domain: privacy.platform.example", "domain: localhost", "'domain' must be a domain name")]
    [TestCase("domain: privacy.platform.example", "domain: 10.0.0.1", "'domain' must be a domain name")]
    [TestCase("vouches: true", "vouches: false", "'contact' goes with 'vouches: true'")]
    [TestCase("contact: requests@platform.example", "", "'contact' goes with 'vouches: true'")]
    [TestCase("contact: requests@platform.example", "contact: nobody", "'contact' must be an e-mail address")]
    [TestCase("kind: customer-number", "kind: shoe-size", "unknown identifier kind 'shoe-size'")]
    [TestCase("type: controller_customer_id", "type: email", "'email' is named twice")]
    [TestCase("key: platform", "key: platform\ntoken: x", "unknown field 'token'")]
    public void Read_Mistaken_NamesIt(string find, string replacement, string expected) =>
        Assert.That(Read(Right.Replace(find, replacement, StringComparison.Ordinal)).Errors, Has.Some.Contain(expected));

    [Test]
    public void Read_NobodyVouchesAndNoAddress_NobodyCouldConfirm() => Assert.That(Read("""
        key: form
        name: Form
        domain: privacy.form.example
        identities: [{ type: controller_customer_id, kind: customer-number }]
        """).Errors, Has.Some.Contain("at which the person can confirm"));

    private static (OpenDsrCaller Caller, IReadOnlyList<string> Errors) Read(string yaml)
    {
        var errors = new DataMapErrors("map.yaml");
        var fields = new YamlFields(DataMapReader.Load(yaml, errors)!, "caller", errors);
        var caller = OpenDsrCaller.Read(fields, ["email", "customer-number"]);
        fields.RefuseUnknown();
        return (caller, [.. errors.InOrder().Select(error => error.ToString())]);
    }
}
