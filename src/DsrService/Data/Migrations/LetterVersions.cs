using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0002_letters")]
internal sealed class LetterVersions : SqlMigration
{
    protected override string File => "0002_letters.sql";
}
