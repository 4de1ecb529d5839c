"""karmyogi: evidence, sealed monthly scores, leaderboards, nominations and awards for iGOT Karmayogi learning."""
