using System.Security.Cryptography;
using DsrService.Data.Sealing;

namespace DsrService.Tests.Data.Sealing;

internal sealed class DataKeyTests
{
    private static readonly Guid Row = Guid.CreateVersion7();
    private static readonly SealedField Field = new("requests.intake", Row);

    [Test]
    public void Open_SameFieldAndRow_GivesWhatWasSealed()
    {
        var key = new DataKey(DataKey.NewBytes());

        Assert.That(key.OpenText(Field, key.SealText(Field, "Ada Lind")), Is.EqualTo("Ada Lind"));
    }

    [Test]
    public void Seal_SameTextTwice_GivesDifferentBytes()
    {
        var key = new DataKey(DataKey.NewBytes());

        var first = key.SealText(Field, "Ada Lind");
        var second = key.SealText(Field, "Ada Lind");
        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void Open_OtherRowOrField_IsRefused()
    {
        var key = new DataKey(DataKey.NewBytes());
        var cipher = key.SealText(Field, "Ada Lind");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => key.OpenText(Field with { Row = Guid.CreateVersion7() }, cipher), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => key.OpenText(Field with { Name = "requests.answer" }, cipher), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => new DataKey(DataKey.NewBytes()).OpenText(Field, cipher), Throws.InstanceOf<CryptographicException>());
        }
    }

    [Test]
    public void Open_AnyByteChanged_IsRefused()
    {
        var key = new DataKey(DataKey.NewBytes());
        var cipher = key.SealText(Field, "Ada Lind");

        using (Assert.EnterMultipleScope())
            for (var at = 0; at < cipher.Length; at++)
            {
                var changed = cipher.ToArray();
                changed[at] ^= 1;
                Assert.That(() => key.OpenText(Field, changed), Throws.InstanceOf<CryptographicException>(), $"byte {at}");
            }
    }
}
