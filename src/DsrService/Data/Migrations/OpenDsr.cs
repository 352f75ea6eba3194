using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0010_opendsr")]
internal sealed class OpenDsr : SqlMigration
{
    protected override string File => "0010_opendsr.sql";
}
