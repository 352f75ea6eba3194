using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using Jose;
using Base64Url = System.Buffers.Text.Base64Url;

namespace DsrService.Sdk;

/// <summary>Seals identifiers and corrections for the way over a bus, so that no broker holds readable personal data: a
/// compact JWE (RFC 7516), direct encryption with A256GCM (RFC 7518, 4.5 and 5.3).</summary>
public static class SubjectSeal
{
    private const string BoundTo = "dsr";

    private static readonly JwtSettings Sealing = new JwtSettings().RegisterMapper(new Headers());

    /// <summary>A fresh sealing key: 32 random bytes as base64url.</summary>
    public static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The task as it goes on a bus: identifiers and corrections only sealed. The seal is bound to everything that
    /// decides about the data (task, system, action, preview, scope), so nobody on the way can turn one task into another.</summary>
    public static SystemTask Seal(SystemTask task, string key)
    {
        ArgumentNullException.ThrowIfNull(task);
        SealedSubject subject = new() { Identifiers = task.Identifiers ?? [], Corrections = task.Corrections ?? [] };
        return task with { Identifiers = null, Corrections = null, Sealed = Encrypt(subject, key, Binding(task)) };
    }

    /// <summary>Opens a sealed task.</summary>
    /// <param name="task">The task as it came.</param>
    /// <param name="keys">The sealing keys of the system, any of which may fit.</param>
    /// <exception cref="CryptographicException">No key fits, or the task was changed or is not sealed. The message shows
    /// nothing of the content.</exception>
    public static SystemTask Open(SystemTask task, IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Sealed is null || task.Identifiers is not null || task.Corrections is not null)
            throw new CryptographicException("The task is not sealed.");
        var subject = Decrypt(task.Sealed, keys, out var binding);
        if (binding != Binding(task))
            throw new CryptographicException("The seal belongs to another task.");
        return task with
        {
            Sealed = null,
            Identifiers = subject.Identifiers,
            Corrections = subject.Corrections.Count == 0 ? null : subject.Corrections,
        };
    }

    /// <summary>The receipt as it goes on a bus or into a store: identifiers only sealed.</summary>
    public static Receipt Seal(Receipt receipt, string key)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return receipt.Identifiers is not { Count: > 0 } identifiers
            ? receipt with { Identifiers = null }
            : receipt with { Identifiers = null, Sealed = Encrypt(new() { Identifiers = identifiers }, key, Binding(receipt)) };
    }

    /// <summary>Opens a receipt; one without sealed identifiers is returned as it is.</summary>
    /// <param name="receipt">The receipt as it came.</param>
    /// <param name="keys">The sealing keys of the system, any of which may fit.</param>
    /// <exception cref="CryptographicException">No key fits, the receipt was changed, or its identifiers came unsealed.</exception>
    public static Receipt Open(Receipt receipt, IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        if (receipt.Identifiers is { Count: > 0 })
            throw new CryptographicException("The identifiers are not sealed.");
        if (receipt.Sealed is null)
            return receipt;
        var subject = Decrypt(receipt.Sealed, keys, out var binding);
        // Systems that do not use this SDK need not bind their seals.
        if (binding is not null && binding != Binding(receipt))
            throw new CryptographicException("The seal belongs to another receipt.");
        return receipt with { Sealed = null, Identifiers = subject.Identifiers };
    }

    /// <summary>The announcement as it goes on a bus: identifiers only sealed, bound to everything else in it.</summary>
    public static SubjectStateChanged Seal(SubjectStateChanged change, string key)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change with { Identifiers = null, Sealed = Encrypt(new() { Identifiers = change.Identifiers ?? [] }, key, Binding(change)) };
    }

    /// <summary>Opens an announcement.</summary>
    /// <param name="change">The announcement as it came.</param>
    /// <param name="keys">The sealing keys of the system, any of which may fit.</param>
    /// <exception cref="CryptographicException">No key fits, or the announcement was changed or is not sealed.</exception>
    public static SubjectStateChanged Open(SubjectStateChanged change, IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Sealed is null || change.Identifiers is not null)
            throw new CryptographicException("The announcement is not sealed.");
        var subject = Decrypt(change.Sealed, keys, out var binding);
        if (binding != Binding(change))
            throw new CryptographicException("The seal belongs to another announcement.");
        return change with { Sealed = null, Identifiers = subject.Identifiers };
    }

    private static string Encrypt(SealedSubject subject, string key, string binding) => JWT.EncodeBytes(
        JsonSerializer.SerializeToUtf8Bytes(subject, DsrJson.Options),
        KeyBytes(key),
        JweAlgorithm.DIR,
        JweEncryption.A256GCM,
        extraHeaders: new Dictionary<string, object> { [BoundTo] = binding },
        settings: Sealing);

    private static SealedSubject Decrypt(string token, IReadOnlyList<string> keys, out string? binding)
    {
        foreach (var key in keys)
        {
            if (TryDecrypt(token, KeyBytes(key), out var subject, out binding))
                return subject;
        }
        throw new CryptographicException("The seal cannot be opened.");
    }

    private static bool TryDecrypt(string token, byte[] key, [NotNullWhen(true)] out SealedSubject? subject, out string? binding)
    {
        try
        {
            // The library reads the JSON serialisation of RFC 7516 as well; this is the compact one.
            if (token.Contains('{', StringComparison.Ordinal))
                throw new CryptographicException();
            var opened = JWE.Decrypt(token, key, JweAlgorithm.DIR, JweEncryption.A256GCM);
            subject = JsonSerializer.Deserialize<SealedSubject>(opened.PlaintextBytes, DsrJson.Options);
            binding = opened.Recipient.JoseHeader.TryGetValue(BoundTo, out var value) ? value as string : null;
            return subject is not null;
        }
        // The library tells of a wrong key, a broken token and a foreign algorithm in many ways. All mean the same here, and
        // none of their messages may travel on.
        catch (Exception)
        {
            (subject, binding) = (null, null);
            return false;
        }
    }

    private static byte[] KeyBytes(string key)
    {
        var bytes = Base64Url.DecodeFromChars(key);
        return bytes.Length == 32 ? bytes : throw new CryptographicException("A sealing key is 32 bytes as base64url.");
    }

    private static string Binding(SystemTask task)
    {
        List<string?> parts =
        [
            "task", task.TaskId.ToString(), task.Controller, task.System, DsrJson.Kebab(task.Action),
            task.Preview ? "preview" : "", task.Verifies?.ToString(),
        ];
        foreach (var item in task.Scope)
            parts.AddRange([item.Category, DsrJson.Kebab(item.Decision), item.Reason, item.Until?.ToString("O"), item.Handle]);
        return Digest(parts);
    }

    private static string Binding(SubjectStateChanged change) => Digest(
    [
        "state", change.EventId.ToString(), change.Controller, change.System, DsrJson.Kebab(change.State), DsrJson.Kebab(change.Change), change.Purpose,
    ]);

    private static string Binding(Receipt receipt) => Digest(["receipt", receipt.TaskId.ToString()]);

    private static string Digest(List<string?> parts) =>
        Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts)));

    // The library's own takes longer to write a header than it takes to encrypt.
    private sealed class Headers : IJsonMapper
    {
        public string Serialize(object obj) => JsonSerializer.Serialize(((IDictionary<string, object>)obj).ToDictionary(header => header.Key, header => (string)header.Value));

        public T Parse<T>(string json) => throw new NotSupportedException();
    }
}
