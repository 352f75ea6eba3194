using DsrService.Connectors.OpenDsr;

namespace DsrService.Tests.Connectors.OpenDsr;

[Parallelizable(ParallelScope.All)]
internal sealed class OpenDsrHeadersTests
{
    [TestCase("X-OpenDSR-Processor-Domain", "X-OpenDSR-Signature")]
    [TestCase("X-OpenGDPR-Processor-Domain", "X-OpenGDPR-Signature")]
    [TestCase("X-OpenDSR-Processor-Domain", "X-OpenGDPR-Signature")]
    public void Read_EitherFamily_Taken(string domain, string signature) =>
        Assert.That(Read((domain, "a.example"), (signature, "c2ln")), Is.EqualTo(new OpenDsrHeaders("a.example", "c2ln")));

    [Test]
    public void Read_BothFamiliesAlike_Taken() => Assert.That(
        Read((OpenDsrHeaders.DomainName, "a.example"), (OpenDsrHeaders.FormerDomainName, "a.example"), (OpenDsrHeaders.SignatureName, "c2ln"), (OpenDsrHeaders.FormerSignatureName, "c2ln")),
        Is.Not.Null);

    [Test]
    public void Read_MissingEmptyOrTwoMinds_Nothing()
    {
        Assert.That(Read(), Is.Null);
        Assert.That(Read((OpenDsrHeaders.DomainName, "a.example")), Is.Null);
        Assert.That(Read((OpenDsrHeaders.SignatureName, "c2ln")), Is.Null);
        Assert.That(Read((OpenDsrHeaders.DomainName, ""), (OpenDsrHeaders.SignatureName, "c2ln")), Is.Null);
        Assert.That(Read((OpenDsrHeaders.DomainName, "a.example"), (OpenDsrHeaders.DomainName, "b.example"), (OpenDsrHeaders.SignatureName, "c2ln")), Is.Null);
        Assert.That(Read((OpenDsrHeaders.DomainName, "a.example"), (OpenDsrHeaders.FormerDomainName, "b.example"), (OpenDsrHeaders.SignatureName, "c2ln")), Is.Null);
    }

    private static OpenDsrHeaders? Read(params (string Name, string Value)[] headers) =>
        OpenDsrHeaders.Read(name => headers.Where(header => header.Name == name).Select(header => header.Value));
}
