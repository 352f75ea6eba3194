using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

/// <summary>A migration whose SQL stands in the file beside it. Expand, then contract: code of the version before and
/// after must run on the result. There is no way down: restore a backup instead.</summary>
internal abstract class SqlMigration : Migration
{
    protected abstract string File { get; }

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        using var stream = typeof(SqlMigration).Assembly.GetManifestResourceStream($"DsrService.Data.Migrations.{File}")
            ?? throw new InvalidOperationException($"{File} is not embedded.");
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}
