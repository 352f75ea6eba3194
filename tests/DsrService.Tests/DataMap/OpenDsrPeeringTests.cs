using DsrService.DataMap;

namespace DsrService.Tests.DataMap;

[Parallelizable(ParallelScope.All)]
internal sealed class OpenDsrPeeringTests
{
    private const string Right = """
        dialect: "2.0"
        domain: opendsr.partner.example
        address: https://opendsr.partner.example/v2
        identities: [{ kind: email, type: email }, { kind: customer-number, type: controller_customer_id }]
        """;

    [Test]
    public void Read_Right_HasEveryField()
    {
        var (peering, errors) = Read(Right);

        Assert.That(errors, Is.Empty);
        Assert.That((peering.Dialect, peering.Domain, peering.Address), Is.EqualTo((OpenDsrDialect.Standard, "opendsr.partner.example", "https://opendsr.partner.example/v2")));
        Assert.That(peering.Identities["customer-number"], Is.EqualTo("controller_customer_id"));
    }

    [TestCase("dialect: \"2.0\"", "dialect: \"3.0\"", "'dialect' must be one of")]
    [TestCase("dialect: \"2.0\"", "", "'dialect' is missing")]
    [TestCase("dialect: \"2.0\"", "dialect: appsflyer", "'property' goes with 'dialect: appsflyer'")]
    [TestCase("dialect: \"2.0\"", "dialect: \"2.0\"\nproperty: id1", "'property' goes with 'dialect: appsflyer'")]
    [TestCase("domain: opendsr.partner.example\n", "domain: partner\n", "'domain' must be a domain name")]
    [TestCase("domain: opendsr.partner.example\n", "domain: https://partner.example\n", "'domain' must be a domain name")]
    [TestCase("https://opendsr.partner.example/v2", "ftp://opendsr.partner.example/v2", "'address' must be an absolute")]
    [TestCase("https://opendsr.partner.example/v2", "https://user:secret@opendsr.partner.example/v2", "'address' must be an absolute")]
    [TestCase("https://opendsr.partner.example/v2", "https://opendsr.partner.example/v2?token=x", "'address' must be an absolute")]
    [TestCase("kind: customer-number", "kind: email", "'email' is named twice")]
    [TestCase("kind: customer-number", "kind: shoe-size", "unknown identifier kind 'shoe-size'")]
    [TestCase("type: controller_customer_id", "type: controller_customer_id, format: raw", "unknown field 'format'")]
    public void Read_Mistaken_NamesIt(string find, string replacement, string expected) =>
        Assert.That(Read(Right.Replace(find, replacement, StringComparison.Ordinal)).Errors, Has.Some.Contain(expected));

    private static (OpenDsrPeering Peering, IReadOnlyList<string> Errors) Read(string yaml)
    {
        var errors = new DataMapErrors("map.yaml");
        var peering = OpenDsrPeering.Read(new YamlFields(DataMapReader.Load(yaml, errors)!, "peer", errors), ["email", "customer-number"]);
        return (peering, [.. errors.InOrder().Select(error => error.ToString())]);
    }
}
