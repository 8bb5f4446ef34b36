// Prints the script that EF Core would create the whole model with, to write a numbered migration from.
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;

var builder = new DbContextOptionsBuilder<TocsinDbContext>();
if (args is ["postgres"]) builder.UseNpgsql("Host=unused");
else if (args is ["sqlite"]) builder.UseSqlite("Data Source=:memory:");
else return Refuse();
using var db = new TocsinDbContext(builder.Options);
Console.WriteLine(db.Database.GenerateCreateScript());
return 0;

static int Refuse()
{
    Console.Error.WriteLine("usage: create-script sqlite|postgres");
    return 2;
}
