using System.Net;
using DsrService.Connectors;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Connectors;

[Parallelizable(ParallelScope.All)]
internal sealed class PushAddressesTests
{
    [TestCase("1.1.1.1", true)]
    [TestCase("193.10.64.1", true)]
    [TestCase("2606:4700::1111", true)]
    [TestCase("2a00:1450:4001::1", true)]
    [TestCase("127.0.0.1", false)]
    [TestCase("127.8.8.8", false)]
    [TestCase("0.0.0.0", false)]
    [TestCase("10.1.2.3", false)]
    [TestCase("172.16.0.1", false)]
    [TestCase("172.31.255.255", false)]
    [TestCase("172.32.0.1", true)]
    [TestCase("192.168.1.1", false)]
    [TestCase("169.254.169.254", false)]
    [TestCase("100.64.0.1", false)]
    [TestCase("198.18.0.1", false)]
    [TestCase("224.0.0.1", false)]
    [TestCase("255.255.255.255", false)]
    [TestCase("::1", false)]
    [TestCase("::", false)]
    [TestCase("::ffff:127.0.0.1", false)]
    [TestCase("::ffff:1.1.1.1", true)]
    [TestCase("::127.0.0.1", false)]
    [TestCase("64:ff9b::7f00:1", false)]
    [TestCase("fe80::1", false)]
    [TestCase("fc00::1", false)]
    [TestCase("fd12:3456::1", false)]
    [TestCase("fec0::1", false)]
    [TestCase("ff02::1", false)]
    [TestCase("2001::1", false)]
    [TestCase("2001:db8::1", false)]
    [TestCase("2002:7f00:1::1", false)]
    [TestCase("5f00::1", false)]
    public void IsPublic_Address_OnlyThePublicInternet(string address, bool isPublic) =>
        Assert.That(PushAddresses.IsPublic(IPAddress.Parse(address)), Is.EqualTo(isPublic));

    [TestCase("127.0.0.1", true)]
    [TestCase("::ffff:127.0.0.1", true)]
    [TestCase("127.0.0.2", false)]
    [TestCase("10.1.200.3", true)]
    [TestCase("10.2.0.1", false)]
    [TestCase("fd00::5", true)]
    public void IsPrivateAndAllowed_Configured_OnlyThose(string address, bool allowed) =>
        Assert.That(With("127.0.0.1", "10.1.0.0/16", "fd00::5").IsPrivateAndAllowed(IPAddress.Parse(address)), Is.EqualTo(allowed));

    [TestCase("localhost")]
    [TestCase("10.0.0.0/33")]
    [TestCase("")]
    public void Parse_OddSetting_StopsTheStartWithItsName(string setting)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => PushAddresses.Parse([setting]));
        Assert.That(refusal.Message, Does.Contain("Dsr:PrivateSystems").And.Contain($"'{setting}'"));
    }

    internal static PushAddresses With(params string[] allowed) => new(Options.Create(new DsrOptions { PrivateSystems = allowed }));
}
