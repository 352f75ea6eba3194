using System.Text;
using DsrService.Sdk.Http;

namespace DsrService.Sdk.Tests.Http;

[Parallelizable(ParallelScope.All)]
internal sealed class StandardWebhooksTests
{
    // The vector that the specification's own libraries test with.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly WebhookHeaders Headers = new(Id, "1614265330", Signature);

    [Test]
    public void Sign_PublicVector_SameSignature() =>
        Assert.That(StandardWebhooks.Sign(Id, Then, Body, Secret), Is.EqualTo(Headers));

    [Test]
    public void Verify_PublicVector_Holds() => Assert.That(StandardWebhooks.Verify(Headers, Then, Body, Secret));

    [Test]
    public void Verify_SecretWithoutPrefix_Holds() =>
        Assert.That(StandardWebhooks.Verify(Headers, Then, Body, Secret["whsec_".Length..]));

    [TestCase(300, true)]
    [TestCase(-300, true)]
    [TestCase(301, false)]
    [TestCase(-301, false)]
    public void Verify_ClockAway_HoldsWithinFiveMinutes(int seconds, bool holds) =>
        Assert.That(StandardWebhooks.Verify(Headers, Then.AddSeconds(seconds), Body, Secret), Is.EqualTo(holds));

    [Test]
    public void Verify_AmongForeignSignatures_Holds() => Assert.That(StandardWebhooks.Verify(
        Headers with { Signature = $"v1,AAAA v2,{Signature[3..]} v1a,xyz {Signature} v1," }, Then, Body, Secret));

    [TestCase("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [TestCase("v1,g0hM9SsE")]
    [TestCase("v1,not base64")]
    [TestCase("")]
    public void Verify_OtherSignature_Fails(string signature) =>
        Assert.That(StandardWebhooks.Verify(Headers with { Signature = signature }, Then, Body, Secret), Is.False);

    [TestCase("")]
    [TestCase("soon")]
    [TestCase("-1614265330")]
    [TestCase("99999999999999999999")]
    public void Verify_OddTimestamp_Fails(string timestamp) =>
        Assert.That(StandardWebhooks.Verify(Headers with { Timestamp = timestamp }, Then, Body, Secret), Is.False);

    [Test]
    public void Verify_ChangedBodyIdOrTime_Fails()
    {
        Assert.That(StandardWebhooks.Verify(Headers, Then, Encoding.UTF8.GetBytes("""{"test": 2432232315}"""), Secret), Is.False);
        Assert.That(StandardWebhooks.Verify(Headers with { Id = "msg_other" }, Then, Body, Secret), Is.False);
        Assert.That(StandardWebhooks.Verify(Headers with { Timestamp = "1614265331" }, Then, Body, Secret), Is.False);
    }

    [Test]
    public void Verify_WhileSecretsAreReplaced_OldAndNewHold()
    {
        var (last, next) = (StandardWebhooks.NewSecret(), StandardWebhooks.NewSecret());
        var both = StandardWebhooks.Sign(Id, Then, Body, last, next);

        Assert.That(both.Signature.Split(' '), Has.Length.EqualTo(2));
        Assert.That(StandardWebhooks.Verify(both, Then, Body, last));
        Assert.That(StandardWebhooks.Verify(both, Then, Body, next));
        Assert.That(StandardWebhooks.Verify(StandardWebhooks.Sign(Id, Then, Body, last), Then, Body, next, last));
        Assert.That(StandardWebhooks.Verify(both, Then, Body, StandardWebhooks.NewSecret()), Is.False);
        Assert.That(StandardWebhooks.Verify(both, Then, Body), Is.False);
    }

    [TestCase("msg.1", Secret)]
    [TestCase("msg_1", "whsec_c2hvcnQ=")]
    [TestCase("msg_1", "whsec_%%%")]
    public void Sign_OddIdOrSecret_Refused(string id, string secret) =>
        Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign(id, Then, Body, secret));
}
