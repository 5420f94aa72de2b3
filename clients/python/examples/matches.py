from pairwork import Pairwork
market = Pairwork(email="demo@pairwork.example", password="pairwork-demo")
project = market.post_project({"title": "Payment API", "category": "Software", "skills": ["Rust", "AWS"]})
for match in market.iter_project_matches(project["id"]):
    print(f"{match['score']:.3f}", match["freelancer"]["display_name"])
