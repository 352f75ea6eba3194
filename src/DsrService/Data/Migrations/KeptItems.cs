using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0005_kept_items")]
internal sealed class KeptItems : SqlMigration
{
    protected override string File => "0005_kept_items.sql";
}
