using DsrService.Requests;

namespace DsrService.Tests.Requests;

internal sealed class MailboxAddressTests
{
    [TestCase("ada.lind@example.org")]
    [TestCase("ada+privacy@mail.example.co.uk")]
    [TestCase("o'brien@example.org")]
    [TestCase("åsa@räksmörgås.se")]
    public void IsValid_AddressesPeopleHave_AreTaken(string text) => Assert.That(MailboxAddress.IsValid(text), Is.True);

    [TestCase("nobody")]
    [TestCase("@example.org")]
    [TestCase("a@")]
    [TestCase("a@b")]
    [TestCase("a@b@example.org")]
    [TestCase("a..b@example.org")]
    [TestCase("a.@example.org")]
    [TestCase("a@example..org")]
    [TestCase("a@example-.org")]
    [TestCase("a@exam_ple.org")]
    [TestCase("a@example.1")]
    [TestCase("a@example.123")]
    [TestCase("a@[127.0.0.1]")]
    [TestCase("\"a b\"@example.org")]
    [TestCase("a(comment)@example.org")]
    [TestCase("a@example.org\u0000")]
    [TestCase("a@example.org>")]
    public void IsValid_OddOnes_AreNot(string text) => Assert.That(MailboxAddress.IsValid(text), Is.False);

    [Test]
    public void IsValid_LongerThanAMailboxCanBe_IsNot() => Assert.That(MailboxAddress.IsValid($"a@{new string('b', 60)}.{new string('c', 60)}.{new string('d', 60)}.{new string('e', 60)}.{new string('f', 60)}.org"), Is.False);
}
