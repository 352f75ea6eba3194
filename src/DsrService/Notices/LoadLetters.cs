using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Hosting;
using DsrService.Notices.Templates;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Notices;

/// <summary>Takes a company's own letters into force. With one error they are refused whole, and the version in force stays:
/// the last that was free of errors, which the database keeps, else the program's own.</summary>
internal sealed class LoadLetters(DsrDbContext db, LettersInForce letters, AuditLog audit, TimeProvider time, IOptions<DsrOptions> options, ILogger<LoadLetters> log)
{
    public async Task<IReadOnlyList<TextError>> HandleAsync(CancellationToken cancel)
    {
        var folder = options.Value.Letters;
        if (string.IsNullOrEmpty(folder))
        {
            letters.Take(LetterSet.BuiltIn);
            return [];
        }
        if (!Directory.Exists(folder))
            throw new OptionsValidationException("Dsr:Letters", typeof(DsrOptions), [$"Dsr:Letters: there is no folder '{folder}'."]);
        var (files, errors) = await TextFiles.ReadFolderAsync(folder, cancel);
        if (errors.Count == 0)
        {
            (var set, errors) = LetterSet.Read(TextFiles.Over(files));
            if (set is not null)
            {
                await KeepAsync(files, cancel);
                letters.Take(set);
            }
        }
        foreach (var error in errors)
            log.LogError("Letters refused: {File}({Line}): {Message}", error.File, error.Line, error.Message);
        if (errors.Count > 0)
            await TakeLastAsync(cancel);
        return errors;
    }

    private async Task KeepAsync(IReadOnlyDictionary<string, string> files, CancellationToken cancel)
    {
        var json = JsonSerializer.Serialize(new SortedDictionary<string, string>(files.ToDictionary(), StringComparer.Ordinal), DsrJson.Options);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Several processes start at once: one after another.
        var installation = await Installation.LockAsync(db, cancel);
        var last = await db.Set<LetterVersion>().OrderByDescending(version => version.TakenAt).ThenByDescending(version => version.Id).FirstOrDefaultAsync(cancel);
        if (last?.Hash == hash)
            return;
        var version = new LetterVersion { Id = Guid.CreateVersion7(), Hash = hash, Files = json, TakenAt = time.GetUtcNow() };
        db.Add(version);
        audit.Record(db, installation, AuditLog.Service, "letters.taken_into_force", new { version = version.Id, hash, files = files.Count });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    // What an older program accepted may lack what this one demands: then the program's own are safer than a broken letter.
    private async Task TakeLastAsync(CancellationToken cancel)
    {
        var last = await db.Set<LetterVersion>().AsNoTracking().OrderByDescending(version => version.TakenAt).ThenByDescending(version => version.Id).FirstOrDefaultAsync(cancel);
        var set = last is null ? null : LetterSet.Read(TextFiles.Over(JsonSerializer.Deserialize<Dictionary<string, string>>(last.Files, DsrJson.Options)!)).Set;
        letters.Take(set ?? LetterSet.BuiltIn);
        log.LogWarning("The letters in force stay: {Version}", set is null ? "the program's own" : last!.Id.ToString());
    }
}
