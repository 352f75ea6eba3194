using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class SubjectSealTests
{
    private static readonly string Key = SubjectSeal.NewKey();

    [Test]
    public void Open_SealedTask_AllAsItWas()
    {
        var task = StubSystem.Task(TaskAction.Rectify) with { Corrections = [new("postal-address", "old", "new", "moved")] };

        var onTheWay = SubjectSeal.Seal(task, Key);
        var opened = SubjectSeal.Open(onTheWay, [SubjectSeal.NewKey(), Key]);

        var json = JsonSerializer.Serialize(onTheWay, DsrJson.Options);
        Assert.That(json, Does.Not.Contain("ada.lind").And.Not.Contain("moved").And.Not.Contain("identifiers"));
        Assert.That(JsonSerializer.Serialize(opened, DsrJson.Options), Is.EqualTo(JsonSerializer.Serialize(task, DsrJson.Options)));
    }

    [Test]
    public void Seal_Task_IsACompactJweWithDirAndA256Gcm()
    {
        var parts = SubjectSeal.Seal(StubSystem.Task(), Key).Sealed!.Split('.');

        Assert.That(parts, Has.Length.EqualTo(5));
        Assert.That(parts[1], Is.Empty);
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        Assert.That(header.RootElement.GetProperty("alg").GetString(), Is.EqualTo("dir"));
        Assert.That(header.RootElement.GetProperty("enc").GetString(), Is.EqualTo("A256GCM"));
    }

    /// <summary>What a system in another language does with nothing but RFC 7516 and its key.</summary>
    [Test]
    public void Seal_Task_OpensByTheRulesOfRfc7516Alone()
    {
        var parts = SubjectSeal.Seal(StubSystem.Task(), Key).Sealed!.Split('.');
        var cipher = Base64Url.DecodeFromChars(parts[3]);
        var plain = new byte[cipher.Length];
        using AesGcm aes = new(Base64Url.DecodeFromChars(Key), 16);
        aes.Decrypt(
            Base64Url.DecodeFromChars(parts[2]), cipher, Base64Url.DecodeFromChars(parts[4]), plain,
            System.Text.Encoding.ASCII.GetBytes(parts[0]));

        var subject = JsonSerializer.Deserialize<SealedSubject>(plain, DsrJson.Options);
        Assert.That(subject!.Identifiers.Single().Value.Reveal(), Is.EqualTo("ada.lind@example.org"));
    }

    /// <summary>Base64url leaves bits unused at the end of a part: only flips of used bits must be noticed.</summary>
    [Test]
    public void Open_AnyPartChanged_Refused([Values(0, 2, 3, 4)] int part)
    {
        var task = SubjectSeal.Seal(StubSystem.Task(), Key);
        var parts = task.Sealed!.Split('.');
        parts[part] = (parts[part][0] == 'A' ? 'B' : 'A') + parts[part][1..];

        Assert.Throws<CryptographicException>(() => SubjectSeal.Open(task with { Sealed = string.Join('.', parts) }, [Key]));
    }

    private static readonly Func<SystemTask, SystemTask>[] Changes =
    [
        task => task with { TaskId = Guid.CreateVersion7() },
        task => task with { Action = TaskAction.Access },
        task => task with { Preview = true },
        task => task with { System = "newsletter" },
        task => task with { Controller = "emastered" },
        task => task with { Verifies = Guid.CreateVersion7() },
        task => task with { Scope = [] },
        task => task with { Scope = [.. task.Scope.Select(item => item with { Decision = ScopeDecision.Act })] },
        task => task with { Scope = [.. task.Scope.Select(item => item with { Handle = "h-9" })] },
        task => task with { Identifiers = [new("email", "another@example.org", true)] },
        task => task with { Sealed = null },
        task => task with { Sealed = "not a token" },
        // The same in the JSON serialisation of RFC 7516, which is not what a task is sealed in.
        task => task with { Sealed = task.Sealed!.Split('.') is [var header, _, var iv, var cipher, var tag]
            ? JsonSerializer.Serialize(new { @protected = header, iv, ciphertext = cipher, tag }) : "" },
    ];

    [TestCaseSource(nameof(Changes))]
    public void Open_TaskTurnedIntoAnother_Refused(Func<SystemTask, SystemTask> change) =>
        Assert.Throws<CryptographicException>(() => SubjectSeal.Open(change(SubjectSeal.Seal(StubSystem.Task(), Key)), [Key]));

    [Test]
    public void Open_NextAttempt_Opens() => Assert.That(
        SubjectSeal.Open(SubjectSeal.Seal(StubSystem.Task(), Key) with { Attempt = 7 }, [Key]).Identifiers, Has.Count.EqualTo(1));

    [Test]
    public void Open_WrongKey_Refused() => Assert.Throws<CryptographicException>(
        () => SubjectSeal.Open(SubjectSeal.Seal(StubSystem.Task(), Key), [SubjectSeal.NewKey()]));

    [Test]
    public void Open_ReceiptOfAnotherProgram_NeedsNoBinding()
    {
        var receipt = Receipt() with
        {
            Identifiers = null,
            Sealed = Jose.JWT.Encode(
            """{"identifiers":[{"kind":"email","value":"a@example.org","verified":true}]}""",
            Base64Url.DecodeFromChars(Key), Jose.JweAlgorithm.DIR, Jose.JweEncryption.A256GCM)
        };

        Assert.That(SubjectSeal.Open(receipt, [Key]).Identifiers!.Single().Value.Reveal(), Is.EqualTo("a@example.org"));
    }

    [Test]
    public void Open_ReceiptWithTheSealOfAnother_Refused()
    {
        var other = SubjectSeal.Seal(Receipt(), Key);
        Assert.Throws<CryptographicException>(() => SubjectSeal.Open(Receipt() with { Identifiers = null, Sealed = other.Sealed }, [Key]));
    }

    [Test]
    public void Open_ReceiptWithOpenIdentifiers_Refused() =>
        Assert.Throws<CryptographicException>(() => SubjectSeal.Open(Receipt(), [Key]));

    private static Receipt Receipt() => new ReceiptDraft().Erased("contact", 1).Gives("customer-number", "C-1001")
        .Complete(StubSystem.Task(), new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero), "stub 1.0");
}
