import { Pairwork } from "pairwork";
const market = new Pairwork({ credentials: { email: "demo@pairwork.example", password: "pairwork-demo" } });
const project = await market.postProject({ title: "Payment API", category: "Software", skills: ["Rust", "AWS"] });
for await (const { score, freelancer } of market.iterProjectMatches(project.id))
  console.log(score.toFixed(3), freelancer.display_name, "–", freelancer.headline);
